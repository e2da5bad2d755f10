using System.Globalization;
using System.Text;
using FewShot.Runtime;
using Microsoft.ML.Tokenizers;

namespace FewShot.Text;

/// <summary>
/// Sentences to the numbers of the word pieces that an encoder knows, as BERT's uncased models cut them (Devlin and others 2019; Wu and
/// others 2016): lower case, accents taken away, Chinese characters one by one, unknown words in the longest known pieces.
/// </summary>
internal sealed class WordPieces
{
    private static readonly Lazy<Dictionary<char, char>> Bare = new(ReadAccents);

    private readonly BertTokenizer tokenizer;

    /// <summary>Reads a vocabulary.</summary>
    /// <param name="vocabulary">UTF-8, a piece on each line; the pieces are numbered from 0.</param>
    /// <param name="maximumLength">Pieces after which a text is cut off, the two marks at its ends counted; at least 3.</param>
    public WordPieces(byte[] vocabulary, int maximumLength)
    {
        using var stream = new MemoryStream(vocabulary, writable: false);
        tokenizer = BertTokenizer.Create(stream);
        Pieces = Encoding.UTF8.GetString(vocabulary).Split('\n').Select(line => line.TrimEnd('\r')).ToArray();
        MaximumLength = maximumLength;
    }

    /// <summary>All pieces, by number; those that go on a word begin with "##".</summary>
    public IReadOnlyList<string> Pieces { get; }

    /// <summary>Pieces after which a text is cut off.</summary>
    public int MaximumLength { get; }

    /// <summary>The numbers of a text's pieces, between the marks of its beginning and end.</summary>
    /// <exception cref="FewShotException">The text is empty.</exception>
    public int[] Encode(string text) => string.IsNullOrWhiteSpace(text)
        ? throw new FewShotException("A text to encode is empty. Leave it out.")
        : [.. tokenizer.EncodeToIds(WithoutAccents(text), MaximumLength, out _, out _)];

    // The tokenizer's own option asks the system for Unicode's tables, which a program without them (InvariantGlobalization) has not: the
    // same text would then have other pieces.
    private static string WithoutAccents(string text) => string.Concat(text
        .Where(letter => CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)
        .Select(letter => Bare.Value.GetValueOrDefault(letter, letter)));

    private static Dictionary<char, char> ReadAccents()
    {
        using var stream = typeof(WordPieces).Assembly.GetManifestResourceStream("accents.txt")
            ?? throw new FewShotException("accents.txt is not inside FewShot.dll: build the library again.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(line => line.Skip(1).Select(accented => (accented, bare: line[0])))
            .ToDictionary(pair => pair.accented, pair => pair.bare);
    }
}
