using System.Text;
using FewShot.Kernel.Cells;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FewShot.Kernel.Dialect;

/// <summary>The files that cells load, in the C# that scripts allow. Names of sources are relative to the session's folder.</summary>
internal sealed class LoadedFiles : SourceFileResolver
{
    private readonly ScriptDialect dialect;
    private readonly Dictionary<string, ScriptCode> read = new(StringComparer.Ordinal);

    // Files may load each other in a circle.
    private readonly HashSet<string> reading = new(StringComparer.Ordinal);

    /// <param name="folder">The folder that relative paths start from, and that traces and messages leave away.</param>
    /// <param name="dialect">Changes the code.</param>
    public LoadedFiles(string folder, ScriptDialect dialect)
        : base([], folder, [KeyValuePair.Create(folder, string.Empty)]) => this.dialect = dialect;

    /// <summary>The code of a file that was read; null for other names.</summary>
    public ScriptCode? Code(string path) => read.GetValueOrDefault(path);

    /// <summary>Reads what code loads, so that what is declared there is known before the code itself is changed.</summary>
    /// <param name="code">The code.</param>
    /// <param name="path">Its file; null for a cell.</param>
    public void Read(string code, string? path = null)
    {
        if (!code.Contains("#load", StringComparison.Ordinal))
            return;
        var root = SyntaxFactory.ParseCompilationUnit(code, options: CompileReport.ScriptSyntax);
        foreach (var directive in root.DescendantTrivia().Select(trivia => trivia.GetStructure()).OfType<LoadDirectiveTriviaSyntax>())
        {
            try
            {
                if (ResolveReference(directive.File.ValueText, path) is { } file && !reading.Contains(file))
                    _ = ReadText(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The compiler says so when it comes to it.
            }
        }
    }

    /// <inheritdoc/>
    public override SourceText ReadText(string resolvedPath)
    {
        var written = base.ReadText(resolvedPath).ToString();
        if (reading.Add(resolvedPath))
        {
            Read(written, resolvedPath);
            reading.Remove(resolvedPath);
        }

        return SourceText.From((read[resolvedPath] = dialect.Of(written)).Code, Encoding.UTF8);
    }
}
