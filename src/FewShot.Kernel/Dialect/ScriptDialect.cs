using FewShot.Kernel.Cells;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FewShot.Kernel.Dialect;

/// <summary>
/// Makes of C# as people write it, in files and in programs with top-level statements, the C# that scripts allow, line by line.
/// </summary>
/// <param name="namespaces">Those that cells have declared.</param>
internal sealed class ScriptDialect(CellNamespaces namespaces)
{
    // Read as a program, as scripts do not know some of what is looked for here.
    private static readonly CSharpParseOptions ProgramSyntax = CompileReport.ScriptSyntax.WithKind(SourceCodeKind.Regular);

    /// <summary>The code for the compiler.</summary>
    /// <param name="written">The code of a cell or file.</param>
    public ScriptCode Of(string written)
    {
        List<EditedCode> stages = [];
        var code = written;
        Change(namespaces.Concern(code), namespaces.In);
        Change(code.Contains("using ", StringComparison.Ordinal), TopLevelUsings.In);
        Change(code.Contains("GeneratedRegex", StringComparison.Ordinal), GeneratedRegexes.In);
        Change(code.Contains("this ", StringComparison.Ordinal), ExtensionClasses.In);
        return new ScriptCode(written, stages);

        void Change(bool isConcerned, Func<CompilationUnitSyntax, string, CodeEdits> change)
        {
            if (!isConcerned)
                return;
            var edited = change(SyntaxFactory.ParseCompilationUnit(code, options: ProgramSyntax), code).Apply();
            if (edited.Edits.Count == 0)
                return;
            stages.Add(edited);
            code = edited.After;
        }
    }
}
