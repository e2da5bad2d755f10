using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FewShot.Runtime;

namespace FewShot.Kernel.Notebooks;

/// <summary>
/// A notebook in nbformat 4.5. Reading checks its form; writing keeps all that it does not know, and the file's indentation.
/// </summary>
public sealed partial class NotebookDocument
{
    private const int MaximumBytes = 64 << 20;
    private const int MaximumDepth = 64;

    private const string ExecutedField = "fewshot_executed";

    private readonly JsonObject root;
    private readonly int indent;
    private readonly bool endsWithNewline;

    private NotebookDocument(string path, JsonObject root, int indent, bool endsWithNewline)
    {
        Path = path;
        this.root = root;
        this.indent = indent;
        this.endsWithNewline = endsWithNewline;
        Cells = [.. root["cells"]!.AsArray().Select(cell => new NotebookCell((JsonObject)cell!))];
    }

    /// <summary>Where it was read from.</summary>
    public string Path { get; }

    /// <summary>The cells of the notebook, in order.</summary>
    public IReadOnlyList<NotebookCell> Cells { get; }

    /// <summary>The notebook's first heading, or the file's name.</summary>
    public string Title =>
        Cells.Where(cell => cell.Kind == "markdown")
            .Select(cell => Heading().Match(cell.Source))
            .FirstOrDefault(match => match.Success)?.Groups[1].Value.Trim()
            ?? System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The SHA-256 of all code, in order: outputs belong to the code that they were computed by.</summary>
    public string CodeDigest => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', Cells.Where(cell => cell.IsCode).Select(cell => cell.Source)))));

    /// <summary>The <see cref="CodeDigest"/> at the run that its outputs come from; null where none was written down.</summary>
    public string? ExecutedDigest => root["metadata"]![ExecutedField] is JsonValue value ? value.ToString() : null;

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="FewShotException">The file is missing, too large, not JSON, not nbformat 4.5, or not written in C#.</exception>
    public static NotebookDocument Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new FewShotException($"{path}: there is no such notebook.");
        if (file.Length > MaximumBytes)
        {
            throw new FewShotException(
                $"{path}: {file.Length / 1e6:F0} MB is too large for a notebook (the limit is {MaximumBytes >> 20} MB). "
                + "Clear its outputs.");
        }

        return Parse(File.ReadAllBytes(path), path);
    }

    /// <summary>Reads and checks the bytes of a notebook.</summary>
    /// <param name="utf8">JSON in UTF-8.</param>
    /// <param name="path">Its name, for errors.</param>
    /// <inheritdoc cref="Load"/>
    public static NotebookDocument Parse(ReadOnlySpan<byte> utf8, string path)
    {
        if (utf8.StartsWith(Encoding.UTF8.Preamble))
            utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        JsonNode? node;
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = MaximumDepth, AllowDuplicateProperties = false };
            node = JsonNode.Parse(utf8, documentOptions: options);
        }
        catch (JsonException e)
        {
            var reason = e.Message.Split(" LineNumber:")[0];
            throw new FewShotException(
                $"{path} is not JSON, so not a notebook: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {reason} "
                + "Mend it in a text editor, or take it from the repository again.",
                e);
        }

        var root = node as JsonObject
            ?? throw new FewShotException($"{path}: a notebook is a JSON object; this is {NotebookCheck.Describe(node)}.");
        NotebookCheck.Check(root, path);
        var text = Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 200)]);
        var indent = Indentation().Match(text) is { Success: true } match ? match.Groups[1].Length : 1;
        return new NotebookDocument(path, root, indent, utf8.EndsWith("\n"u8));
    }

    /// <summary>A copy that can be changed by itself.</summary>
    public NotebookDocument Copy() => new(Path, (JsonObject)root.DeepClone(), indent, endsWithNewline);

    /// <summary>Writes down that the outputs are those of the code as it stands.</summary>
    internal void MarkExecuted() => root["metadata"]![ExecutedField] = CodeDigest;

    /// <summary>The notebook as a file holds it: UTF-8 without a mark, lines ended by a line feed.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions
        {
            Indented = true,
            IndentSize = indent,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (var writer = new Utf8JsonWriter(stream, options))
            root.WriteTo(writer);
        var text = Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);

        // The writer escapes what lies beyond the first 65,536 characters; Jupyter writes it plainly.
        text = Escapes().Replace(text, escape => escape.Groups[1].Success
            ? string.Concat((char)Convert.ToInt32(escape.Groups[1].Value, 16), (char)Convert.ToInt32(escape.Groups[2].Value, 16))
            : escape.Value);
        return Encoding.UTF8.GetBytes(endsWithNewline ? text + "\n" : text);
    }

    [GeneratedRegex(@"^#\s+(.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\{\r?\n( +)""")]
    private static partial Regex Indentation();

    [GeneratedRegex(@"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|\\.")]
    private static partial Regex Escapes();
}
