using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Text;

/// <summary>
/// A text as the words and pairs of words in it, and nothing else: each has one of D places and a sign, both by its digest (Weinberger
/// and others 2009, "Feature Hashing for Large Scale Multitask Learning"); a place holds the sum of the signs that fall on it, and the
/// vector is made one long. Nothing is learnt, so it needs no data of its own.
/// </summary>
public sealed class HashedNgrams : ITextEncoder
{
    /// <summary>Prepares an encoder.</summary>
    /// <param name="places">Length D of a vector, at least 2: fewer places than words make words share one.</param>
    /// <param name="longest">Words of the longest sequence that counts, at least 1.</param>
    /// <exception cref="FewShotException">A setting is out of range.</exception>
    public HashedNgrams(int places = 2048, int longest = 2)
    {
        if (places < 2 || longest < 1)
            throw new FewShotException($"n-grams need at least 2 places and 1 word; found {places} and {longest}.");
        (FeatureCount, Longest) = (places, longest);
    }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <summary>Words of the longest sequence that counts.</summary>
    public int Longest { get; }

    /// <inheritdoc/>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"n-grams of 1 to {Longest} words");

    /// <inheritdoc/>
    public string WeightsDigest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Name}, {FeatureCount} places")));

    /// <inheritdoc/>
    public string Preprocessing => "words in lower case";

    /// <inheritdoc/>
    public torch.Tensor Encode(IReadOnlyList<string> texts, IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (texts.Count == 0)
            throw new FewShotException("There is no text to encode.");
        Torch.Load();
        var values = new float[texts.Count, FeatureCount];
        foreach (var (row, text) in texts.Index())
        {
            if (string.IsNullOrWhiteSpace(text))
                throw new FewShotException("A text to encode is empty. Leave it out.");
            foreach (var (place, sign) in Sequences(Words.Of(text)).Select(PlaceOf))
                values[row, place] += sign;
        }

        using var scope = torch.NewDisposeScope();
        // A text without any word stays zero: there is nothing to make one long.
        return torch.nn.functional.normalize(torch.tensor(values), p: 2, dim: 1).MoveToOuterDisposeScope();
    }

    private IEnumerable<string> Sequences(string[] words) =>
        from length in Enumerable.Range(1, Longest)
        from start in Enumerable.Range(0, Math.Max(0, words.Length - length + 1))
        select string.Join(' ', words, start, length);

    private (int Place, int Sign) PlaceOf(string sequence)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(Encoding.UTF8.GetBytes(sequence), digest);
        var place = (int)(System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(digest) % (uint)FeatureCount);
        return (place, (digest[4] & 1) == 0 ? 1 : -1);
    }
}
