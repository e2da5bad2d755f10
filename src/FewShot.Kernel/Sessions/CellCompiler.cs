using System.Text;
using FewShot.Kernel.Cells;
using FewShot.Kernel.Dialect;
using FewShot.Kernel.FSharpCells;
using FewShot.Kernel.Packages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace FewShot.Kernel.Sessions;

/// <summary>Makes of a cell the steps that run it.</summary>
internal sealed class CellCompiler
{
    private static readonly ScriptOptions CommonOptions = ScriptOptions.Default
        .WithReferences(References.All)
        .WithImports(Imports.All)
        .WithLanguageVersion(LanguageVersion.Latest)
        // Release folds single-use locals away, and with them the line numbers of the calls they were used in.
        .WithOptimizationLevel(OptimizationLevel.Debug)
        .WithEmitDebugInformation(true)
        .WithFileEncoding(Encoding.UTF8);

    // Kept for good: all cells then share its symbols of the referenced assemblies. Were they made again for a later cell, a type
    // that an earlier cell's "using static" brings would no longer be the same type there.
    private static readonly Lazy<Script> Warm = new(() =>
    {
        var script = CSharpScript.Create("var text = $\"{1}\"; display(text)", CommonOptions.WithFilePath("warm-up"));
        _ = script.CreateDelegate();
        return script;
    });

    private readonly string folder;
    private readonly SessionPackages packages;
    private readonly FSharpSide fsharp;
    private readonly ScriptDialect dialect = new(new CellNamespaces(IsNamespace));
    private readonly LoadedFiles files;
    private readonly CompilerWords words;
    private readonly ScriptOptions first;
    private readonly ScriptOptions later;

    /// <param name="folder">The folder that relative paths start from.</param>
    /// <param name="packages">Where <c>#r "nuget:..."</c> is answered.</param>
    /// <param name="fsharp">The session's F# side.</param>
    public CellCompiler(string folder, SessionPackages packages, FSharpSide fsharp)
    {
        (this.folder, this.packages, this.fsharp) = (folder, packages, fsharp);
        files = new LoadedFiles(folder, dialect);
        words = new CompilerWords(folder, files);
        first = CommonOptions
            .WithSourceResolver(files)
            .WithMetadataResolver(ScriptMetadataResolver.Default.WithBaseDirectory(folder));
        // Code inherits references and imports from the code before it. Given anew, each would keep all of those before it once more.
        later = first.WithReferences(Array.Empty<MetadataReference>()).WithImports();
    }

    /// <inheritdoc cref="Session.WarmUp"/>
    public static void WarmUp() => _ = Warm.Value;

    /// <summary>
    /// All of the cell is compiled before any of it runs: one that does not compile changes nothing. The exception is code below F# that
    /// shares a name with it. What that name will be is known only when the F# has run, and so such code may fail to compile after that.
    /// </summary>
    /// <param name="cell">The cell.</param>
    /// <param name="state">What the cells before it left.</param>
    /// <param name="cancellation">Ends it.</param>
    public (CompiledCell? Cell, ErrorOutput? Error) Compile(Cell cell, ScriptState<object>? state, CancellationToken cancellation)
    {
        packages.Begin();
        var (plan, error) = CellPlan.Read(cell, folder, packages, cancellation);
        if (plan is null)
            return (null, error);
        WarmUp();
        var steps = new List<CompiledStep>();
        var unsettled = new HashSet<string>(StringComparer.Ordinal);
        Script? before = state?.Script;
        foreach (var step in plan.Steps)
        {
            error = step.Part switch
            {
                CodePart code => AddCSharp(step.Name, code.Code),
                FSharpPart code => AddFSharp(step.Name, FSharpSource.Read(code.Code)),
                _ => AddText((TextPart)step.Part),
            };
            if (error is not null)
                return (null, error);
        }

        packages.Keep();
        return (new CompiledCell(steps, plan.IsTimed), null);

        ErrorOutput? AddText(TextPart text)
        {
            steps.Add(new TextStep(text));
            return null;
        }

        ErrorOutput? AddCSharp(string name, string code)
        {
            var isBelowFSharp = steps.Any(step => step is FSharpStep);
            var (ready, fault) = Ready(before, name, code, cancellation);
            before = ready.LastOrDefault()?.Script ?? before;
            if (fault is not null && !(isBelowFSharp && unsettled.Overlaps(FSharpSide.CSharpNames(code))))
                return fault;
            if (isBelowFSharp)
                unsettled.UnionWith(FSharpSide.CSharpNames(code));
            steps.AddRange(isBelowFSharp ? [new LateStep(name, code)] : ready);
            return null;
        }

        ErrorOutput? AddFSharp(string name, FSharpSource source)
        {
            fsharp.Start(before);
            // F# code that is the cell's first step needs no check beforehand: running it compiles it first.
            var fault = steps.Count > 0 ? fsharp.Check(name, source, before, state) : null;
            if (fault is not null && !unsettled.Overlaps(source.Names))
                return fault;
            unsettled.UnionWith(source.Names);
            steps.Add(new FSharpStep(name, source));
            return null;
        }
    }

    /// <summary>Scripts that are compiled and can be stopped, or why they cannot be.</summary>
    public (IReadOnlyList<ScriptStep> Steps, ErrorOutput? Error) Ready(
        Script? before, string name, string written, CancellationToken cancellation)
    {
        files.Read(written);
        var code = dialect.Of(written);
        var scripts = Scripts(before, name, code.Code);
        var stoppable = StoppableCode.In(scripts[^1].GetCompilation());
        if (stoppable == code.Code)
            return Compiled(scripts, scripts, code, cancellation);
        var last = Script(scripts.Count > 1 ? scripts[0] : before, name, stoppable);
        var ready = Compiled([.. scripts.SkipLast(1), last], scripts, code, cancellation);
        // Errors are told of the code without what was put in.
        return ready.Error is null ? ready : Compiled(scripts, scripts, code, cancellation);
    }

    /// <param name="scripts">What will run.</param>
    /// <param name="asked">The same without what lets them be stopped: what the compiler warns of is asked of these.</param>
    /// <param name="code">The code that they are made of.</param>
    /// <param name="cancellation">Ends it.</param>
    private (IReadOnlyList<ScriptStep> Steps, ErrorOutput? Error) Compiled(
        IReadOnlyList<Script<object>> scripts, IReadOnlyList<Script<object>> asked, ScriptCode code, CancellationToken cancellation)
    {
        try
        {
            foreach (var script in scripts)
                _ = script.CreateDelegate(cancellation);
            return (
                [.. scripts.Zip(asked, (script, written) => new ScriptStep(
                    script, words.Warnings(written.GetCompilation().GetDiagnostics(cancellation), code)))],
                null);
        }
        catch (CompilationErrorException e)
        {
            return ([], words.Errors(e.Diagnostics, code));
        }
    }

    private static bool IsNamespace(string name)
    {
        INamespaceSymbol? space = Warm.Value.GetCompilation().GlobalNamespace;
        foreach (var part in name.Split('.'))
            space = space?.GetNamespaceMembers().FirstOrDefault(inner => inner.Name == part);
        return space is not null;
    }

    /// <summary>C# code as a script, and before it one that declares what it needs of F#, if anything.</summary>
    public IReadOnlyList<Script<object>> Scripts(Script? before, string name, string code) =>
        fsharp.Declarations(code, (before ?? Warm.Value).GetCompilation()) is { } declarations
            && Script(before, "values of F#", declarations) is { } first
                ? [first, Script(first, name, code)]
                : [Script(before, name, code)];

    private Script<object> Script(Script? before, string name, string code) => before is null
        ? CSharpScript.Create<object>(code, first.WithFilePath(name))
        : before.ContinueWith<object>(code, later.WithFilePath(name));
}
