using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FewShot.Runtime;
using Microsoft.ML.Tokenizers;

namespace FewShot.Text;

/// <summary>
/// Sentences to the numbers of the word pieces that an encoder knows, as BERT's uncased models cut them (Devlin and others 2019; Wu and
/// others 2016): lower case, accents taken away, Chinese characters one by one, unknown words in the longest known pieces.
/// </summary>
internal sealed partial class WordPieces
{
    private const char ReplacementCharacter = '\uFFFD';

    private static readonly Lazy<Dictionary<char, char>> Bare = new(ReadAccents);

    private readonly BertTokenizer tokenizer;

    /// <summary>Reads a vocabulary.</summary>
    /// <param name="vocabulary">UTF-8, a piece on each line; the pieces are numbered from 0.</param>
    /// <param name="maximumLength">Pieces after which a text is cut off, the two marks at its ends counted; at least 3.</param>
    public WordPieces(byte[] vocabulary, int maximumLength)
    {
        using var stream = new MemoryStream(vocabulary, writable: false);
        var cutter = new RegexPreTokenizer(WordOrMark(), specialTokens: null);
        tokenizer = BertTokenizer.Create(stream, new BertOptions { PreTokenizer = cutter });
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
        : [.. tokenizer.EncodeToIds(Cleaned(text), MaximumLength, out _, out _)];

    // BERT's own rule. That of the tokenizer's package leaves out what is neither letter nor punctuation: the $ of $1 would be lost.
    [GeneratedRegex(@"[!-/:-@\[-`{-~\p{P}]|[^\s!-/:-@\[-`{-~\p{P}]+", RegexOptions.CultureInvariant)]
    private static partial Regex WordOrMark();

    // The tokenizer's own option to take accents away asks the system for Unicode's tables, which a program without them
    // (InvariantGlobalization) has not: the same text would then have other pieces. It also takes away line breaks, and so joins words.
    private static string Cleaned(string text) => string.Concat(text
        .Select(letter => char.IsWhiteSpace(letter) ? ' ' : Bare.Value.GetValueOrDefault(letter, letter))
        .Where(letter => letter != ReplacementCharacter && CharUnicodeInfo.GetUnicodeCategory(letter)
            is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.Format or UnicodeCategory.Control)));

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
