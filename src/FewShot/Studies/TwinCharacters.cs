using FewShot.Data;
using FewShot.Metric;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Studies;

/// <summary>Two characters of an alphabet that are to be told apart.</summary>
/// <param name="Alphabet">The alphabet.</param>
/// <param name="First">One character: its label in the set.</param>
/// <param name="Second">The other.</param>
public sealed record CharacterPair(string Alphabet, int First, int Second);

/// <summary>
/// Characters that a change makes alike, such as b and d in a mirror: where that change is used as an augmentation, it teaches that the two
/// are the same. Half of the drawings of each character choose the pairs, the other half are learnt from and judged on.
/// </summary>
public sealed class TwinCharacters : IDisposable
{
    private const int Half = Omniglot.DrawingsPerCharacter / 2;

    private readonly ImageSet characters;
    private readonly torch.Tensor vectors;
    private readonly torch.Tensor changed;

    /// <summary>Takes vectors of all drawings.</summary>
    /// <param name="characters">C characters, 20 drawings each, one character after the other; named ".../ALPHABET/character05".</param>
    /// <param name="vectors">float32, (20 C) x D: the drawings; copied.</param>
    /// <param name="changed">The same of the changed drawings; copied.</param>
    /// <exception cref="FewShotException">Characters and vectors do not fit together.</exception>
    public TwinCharacters(ImageSet characters, torch.Tensor vectors, torch.Tensor changed)
    {
        ArgumentNullException.ThrowIfNull(characters);
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(changed);
        var count = characters.ClassNames.Count;
        if (vectors.dim() != 2 || vectors.shape[0] != characters.Count || !vectors.shape.SequenceEqual(changed.shape)
            || !characters.LabelValues.SequenceEqual(
                Enumerable.Range(0, count * Omniglot.DrawingsPerCharacter).Select(i => (long)(i / Omniglot.DrawingsPerCharacter))))
        {
            throw new FewShotException(
                $"{characters.Name}: twins need {Omniglot.DrawingsPerCharacter} drawings of each character, in its order, and two vectors "
                + $"of each drawing; found {characters.Count} drawings of {count} characters and vectors of shape "
                + $"[{string.Join(", ", vectors.shape)}] and [{string.Join(", ", changed.shape)}].");
        }

        this.characters = characters;
        torch.Tensor ByCharacter(torch.Tensor all)
        {
            using var scope = torch.NewDisposeScope();
            return all.detach().cpu().clone().view(count, Omniglot.DrawingsPerCharacter, -1).DetachFromDisposeScope();
        }

        (this.vectors, this.changed) = (ByCharacter(vectors), ByCharacter(changed));
    }

    /// <summary>Embeds all drawings, as they are and changed.</summary>
    /// <param name="characters">See the constructor.</param>
    /// <param name="learner">A learner of such drawings.</param>
    /// <param name="change">Changes a batch of drawings, N x 1 x 28 x 28.</param>
    public static TwinCharacters Of(ImageSet characters, MetricLearner learner, Func<torch.Tensor, torch.Tensor> change)
    {
        ArgumentNullException.ThrowIfNull(characters);
        ArgumentNullException.ThrowIfNull(learner);
        ArgumentNullException.ThrowIfNull(change);
        using var scope = torch.NewDisposeScope();
        var images = characters.Images.to(Torch.Device).to(torch.float32) / 255;
        return new TwinCharacters(characters, learner.Embed(images), learner.Embed(change(images)));
    }

    /// <summary>
    /// Of each alphabet the two characters of which the change brings each nearest to the other, by the mean vectors of their first
    /// ten drawings.
    /// </summary>
    public IReadOnlyList<CharacterPair> Closest()
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor Means(torch.Tensor of) => of.narrow(1, 0, Half).mean([1]);
        var apart = torch.cdist(Means(changed), Means(vectors));
        var both = (apart + apart.t()).contiguous().data<float>().ToArray();
        var count = characters.ClassNames.Count;
        return [.. Alphabets().Select(alphabet => Pairs(alphabet).MinBy(pair => both[(pair.First * count) + pair.Second])!)];
    }

    /// <summary>Of each alphabet any two characters.</summary>
    /// <param name="seed">Decides which.</param>
    public IReadOnlyList<CharacterPair> Any(long seed) =>
        [.. Alphabets().Select((alphabet, number) =>
        {
            var pairs = Pairs(alphabet).ToArray();
            return pairs[(int)(new StableRandom(seed, number).NextBits() % (ulong)pairs.Length)];
        })];

    /// <summary>
    /// How often the nearer of two prototypes is the right one, on the drawings that chose nothing: some are the support, the rest are
    /// queries, in several draws.
    /// </summary>
    /// <param name="pair">The two characters.</param>
    /// <param name="shots">Support drawings of each, 1 to 9.</param>
    /// <param name="draws">How often support and queries are drawn; their seeds are 0, 1, 2, ...</param>
    /// <param name="copies">Whether the changed support drawings count as further support drawings of the same character.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="FewShotException">A number is out of range.</exception>
    public double Accuracy(CharacterPair pair, int shots, int draws, bool copies)
    {
        ArgumentNullException.ThrowIfNull(pair);
        if (shots < 1 || shots >= Half || draws < 1)
            throw new FewShotException($"Twins need 1 to {Half - 1} shots and at least 1 draw; found {shots} and {draws}.");
        long right = 0;
        for (var draw = 0; draw < draws; draw++)
        {
            using var scope = torch.NewDisposeScope();
            var (prototypes, queries) = (new List<torch.Tensor>(), new List<torch.Tensor>());
            foreach (var character in new[] { pair.First, pair.Second })
            {
                var order = Enumerable.Range(Half, Half).Select(drawing => (long)drawing).ToArray();
                new StableRandom(draw, character).Draw<long>(order, Half);
                torch.Tensor Drawings(torch.Tensor of, long[] which) => of[character].index_select(0, torch.tensor(which, torch.int64));
                var support = Drawings(vectors, order[..shots]);
                if (copies)
                    support = torch.cat([support, Drawings(changed, order[..shots])]);
                prototypes.Add(support.mean([0]));
                queries.Add(Drawings(vectors, order[shots..]));
            }

            var scores = ProtoNet.EuclideanScores(torch.cat(queries).unsqueeze(0), torch.stack(prototypes).unsqueeze(0))[0];
            var labels = torch.arange(2).repeat_interleave(Half - shots);
            right += scores.argmax(1).eq(labels).sum().item<long>();
        }

        return right / (2.0 * (Half - shots) * draws);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        vectors.Dispose();
        changed.Dispose();
    }

    /// <summary>The characters of each alphabet that has at least two.</summary>
    private IEnumerable<IGrouping<string, int>> Alphabets() => Enumerable.Range(0, characters.ClassNames.Count)
        .GroupBy(character => characters.ClassNames[character].Split('/')[^2])
        .Where(alphabet => alphabet.Count() > 1);

    private static IEnumerable<CharacterPair> Pairs(IGrouping<string, int> alphabet) =>
        from first in alphabet
        from second in alphabet
        where first < second
        select new CharacterPair(alphabet.Key, first, second);
}
