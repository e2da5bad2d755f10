using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FewShot.Charts;
using FewShot.Runtime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FewShot.Kernel.Notebooks;

/// <summary>A Markdown cell in another language.</summary>
/// <param name="Of">The first 16 digits of the SHA-256 of the text that was translated: a changed original shows.</param>
/// <param name="Text">The translation.</param>
public sealed record TranslatedCell(string Of, string Text);

/// <summary>
/// A notebook in another language: its Markdown cells, and the words in its code's texts. One source of code serves all languages. The
/// file notebooks/zh/NN-name.json holds <c>cells</c> by their id and <c>strings</c>, pieces of text with what stands for them.
/// </summary>
/// <param name="Cells">Cell id to translation.</param>
/// <param name="Strings">Pieces of text in code and outputs to their translations.</param>
public sealed partial record NotebookTranslation(
    IReadOnlyDictionary<string, TranslatedCell> Cells, IReadOnlyDictionary<string, string> Strings)
{
    private const int MaximumBytes = 4 << 20;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true };

    /// <summary>The translation of a notebook.</summary>
    /// <param name="notebook">The notebook's file; the translation lies in a folder beside it that has the language's name.</param>
    /// <param name="language">As "zh".</param>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="FewShotException">The translation cannot be read.</exception>
    public static NotebookTranslation? Find(string notebook, string language)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        var folder = Path.GetDirectoryName(Path.GetFullPath(notebook))!;
        var name = Path.ChangeExtension(Path.GetFileName(notebook), ".json");
        if (Path.GetFileName(folder) != "solutions")
            return Read(Path.Combine(folder, language, name));
        // Solutions hold cells of their notebook, so its pieces of text count for them, too.
        var above = Path.Combine(Path.GetDirectoryName(folder)!, language);
        var own = Read(Path.Combine(above, "solutions", name));
        return own is null || Read(Path.Combine(above, name)) is not { } whole
            ? own
            : own with { Strings = whole.Strings.Concat(own.Strings).DistinctBy(pair => pair.Key).ToDictionary() };
    }

    /// <summary>The mark of a text, for <see cref="TranslatedCell.Of"/>.</summary>
    public static string Mark(string original) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(original)))[..16];

    /// <summary>The notebook with its Markdown, and the texts in its code, in the other language; outputs are left as they are.</summary>
    public NotebookDocument OfCode(NotebookDocument notebook) => Of(notebook, cell => cell.SetSource(TranslateCode(cell.Source)));

    /// <summary>The executed notebook with its Markdown and outputs in the other language; the code is left as it is.</summary>
    public NotebookDocument OfOutputs(NotebookDocument notebook) => Of(notebook, cell =>
    {
        var outputs = cell.Outputs.DeepClone().AsArray();
        foreach (var output in outputs)
            TranslateTexts(output!);
        cell.SetOutputs(outputs, cell.ExecutionCount);
    });

    /// <summary>Null where there is no such file.</summary>
    private static NotebookTranslation? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            if (new FileInfo(path).Length > MaximumBytes)
                throw new FewShotException($"{path} is larger than a translation can be ({MaximumBytes >> 20} MB).");
            var stored = JsonSerializer.Deserialize<StoredTranslation>(File.ReadAllBytes(path), Strict)
                ?? throw new JsonException("it holds nothing");
            return new NotebookTranslation(
                stored.Cells.ToDictionary(cell => cell.Key, cell => new TranslatedCell(cell.Value.Of, string.Concat(cell.Value.Text))),
                stored.Strings);
        }
        catch (JsonException e)
        {
            throw new FewShotException(
                $"{path} is no translation of a notebook: {e.Message.TrimEnd('.')}. Take it from the repository again.", e);
        }
    }

    private NotebookDocument Of(NotebookDocument notebook, Action<NotebookCell> code)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        var translated = notebook.Copy();
        foreach (var cell in translated.Cells)
        {
            if (cell.IsCode)
                code(cell);
            else if (Cells.TryGetValue(cell.Id, out var other))
                cell.SetSource(other.Text);
        }

        return translated;
    }

    private string Translate(string text)
    {
        // Long pieces first: a short one may stand inside a long one.
        foreach (var (piece, other) in Strings.OrderByDescending(pair => pair.Key.Length))
            text = text.Replace(piece, other, StringComparison.Ordinal);
        return text;
    }

    /// <summary>The script that draws charts, which comes with the first of them, stays as it is, and so do pictures.</summary>
    private string TranslatePage(string text) =>
        string.Join(ChartHtml.Script(), text.Split(ChartHtml.Script()).Select(TranslateBetweenPictures));

    private string TranslateBetweenPictures(string text)
    {
        var translated = new StringBuilder();
        var end = 0;
        foreach (var picture in PictureData().EnumerateMatches(text))
        {
            translated.Append(Translate(text[end..picture.Index])).Append(text, picture.Index, picture.Length);
            end = picture.Index + picture.Length;
        }

        return translated.Append(Translate(text[end..])).ToString();
    }

    private string TranslateCode(string source)
    {
        var root = CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(kind: SourceCodeKind.Script)).GetRoot();
        var tokens = root.DescendantTokens().Where(token => token.Kind()
            is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken).Reverse();
        foreach (var token in tokens)
            source = source[..token.SpanStart] + Translate(token.Text) + source[token.Span.End..];
        return source;
    }

    private void TranslateTexts(JsonNode node)
    {
        switch (node)
        {
            case JsonObject owner:
                foreach (var (name, value) in owner.ToList())
                {
                    // Pictures are base 64.
                    if (name.StartsWith("image/", StringComparison.Ordinal) && name != "image/svg+xml")
                        continue;
                    if (MultilineText.Join(value) is { } text)
                        owner[name] = value is JsonArray ? MultilineText.Split(TranslatePage(text)) : TranslatePage(text);
                    else if (value is not null)
                        TranslateTexts(value);
                }

                break;
            case JsonArray list:
                foreach (var value in list)
                {
                    if (value is not null)
                        TranslateTexts(value);
                }

                break;
            default:
                break;
        }
    }

    [GeneratedRegex("data:[a-z]+/[a-z+.-]+;base64,[A-Za-z0-9+/=]*")]
    private static partial Regex PictureData();

    private sealed record StoredTranslation
    {
        public required Dictionary<string, StoredCell> Cells { get; init; }

        public Dictionary<string, string> Strings { get; init; } = [];
    }

    private sealed record StoredCell
    {
        public required string Of { get; init; }

        public required string[] Text { get; init; }
    }
}
