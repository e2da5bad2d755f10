using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Text;

/// <summary>
/// Words that are used alike, by the vectors that an encoder gives to whole words before any context: they stand in for a dictionary of
/// synonyms. Not all are synonyms: opposites are used alike too.
/// </summary>
public sealed class NearWords : IDisposable
{
    private const int LettersAtLeast = 3;

    private readonly string[] words;
    private readonly Dictionary<string, int> rows;
    private readonly torch.Tensor vectors;
    private readonly Dictionary<string, IReadOnlyList<string>> found = new(StringComparer.Ordinal);
    private readonly int count;

    /// <summary>Takes the vectors of all English words that the encoder knows as one piece.</summary>
    /// <param name="encoder">Its vectors; it stays the caller's.</param>
    /// <param name="count">Near words of each word, at least 1.</param>
    /// <exception cref="FewShotException">The count is below 1.</exception>
    public NearWords(SentenceEncoder encoder, int count = 5)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        if (count < 1)
            throw new FewShotException($"A word needs at least 1 near word; asked for {count}.");
        this.count = count;
        var known = encoder.Pieces.Pieces.Index().Where(piece => IsWord(piece.Item)).ToList();
        words = [.. known.Select(piece => piece.Item)];
        rows = words.Index().ToDictionary(word => word.Item, word => word.Index, StringComparer.Ordinal);
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var index = torch.tensor(known.Select(piece => (long)piece.Index).ToArray(), torch.int64);
        var chosen = encoder.Network.PieceVectors.cpu().index_select(0, index);
        // All vectors point in about one direction, which says nothing of a word.
        vectors = torch.nn.functional.normalize(chosen - chosen.mean([0], keepdim: true), p: 2, dim: 1).DetachFromDisposeScope();
    }

    /// <summary>Words used like this one, the nearest first; none where the word is not known.</summary>
    /// <param name="word">In lower case.</param>
    public IReadOnlyList<string> Of(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (!rows.TryGetValue(word, out var row))
            return [];
        if (!found.TryGetValue(word, out var near))
            found[word] = near = Nearest(row);
        return near;
    }

    /// <inheritdoc/>
    public void Dispose() => vectors.Dispose();

    private string[] Nearest(int row)
    {
        using var scope = torch.NewDisposeScope();
        var cosines = vectors.mv(vectors[row]);
        var (_, nearest) = cosines.topk(count + 1);
        return [.. nearest.data<long>().Where(other => other != row).Take(count).Select(other => words[other])];
    }

    private static bool IsWord(string piece) =>
        piece.Length >= LettersAtLeast && piece.All(char.IsAsciiLetterLower) && Words.IsContent(piece);
}
