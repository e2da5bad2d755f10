using FewShot.Kernel.Cells;
using FewShot.Kernel.Display;
using FewShot.Kernel.Packages;
using Microsoft.FSharp.Core;

using static FSharp.Compiler.Interactive.Shell;

namespace FewShot.Kernel.FSharpCells;

/// <summary>What became of F# code.</summary>
/// <param name="NotCompiled">Why it does not compile: nothing of it ran then.</param>
/// <param name="Thrown">What it threw.</param>
/// <param name="Value">The value of its last expression; null also where it has none.</param>
internal sealed record FSharpOutcome(ErrorOutput? NotCompiled = null, Exception? Thrown = null, object? Value = null);

/// <summary>A value that F# code has given a name.</summary>
internal sealed record FSharpBinding(string Name, Type Type, object? Value);

/// <summary>The F# compiler and what it has run so far. Not for two threads at once.</summary>
internal sealed class FSharpSession : IDisposable
{
    private static readonly string[] Flags =
    [
        "fsi", "--noninteractive", "--nologo", "--quiet", "--gui-", "--readline-", "--noframework", "--targetprofile:netcore",
        // These make line numbers in reports of errors right, as they are for C#.
        "--debug+", "--optimize-",
        // Packages are fetched by the session, which C# shares them with; F#'s own way would leave C# without.
        "--disableLanguageFeature:PackageManagement",
    ];

    private readonly FsiEvaluationSession fsi;
    private readonly string folder;
    private readonly HashSet<string> referenced;

    /// <param name="folder">The folder that relative paths start from.</param>
    public FSharpSession(string folder)
    {
        this.folder = folder;
        // System.Private.CoreLib is reached through the other assemblies. Were it named as well, its types would not be those
        // that F# calls int and string.
        referenced = [.. References.Paths().Where(path => Path.GetFileNameWithoutExtension(path) != "System.Private.CoreLib")];
        fsi = FsiEvaluationSession.Create(
            FsiEvaluationSession.GetDefaultConfiguration(Settings.fsi, useFsiAuxLib: false),
            [.. Flags, $"-I:{folder}", .. referenced.Select(path => "-r:" + path)],
            TextReader.Null, TextWriter.Null, TextWriter.Null, collectible: null, legacyReferenceResolver: null);
        _ = Evaluate(
            "start",
            $"open Microsoft.DotNet.Interactive.Formatting\nopen {typeof(CellFunctions).Namespace}\n"
            + $"open type {typeof(CellFunctions).FullName}\nopen type {typeof(DisplayExtensions).FullName}");
    }

    /// <summary>What has a name, the latest of each.</summary>
    public IEnumerable<FSharpBinding> Bindings =>
        fsi.GetBoundValues().Select(bound => new FSharpBinding(bound.Name, bound.Value.ReflectionType, bound.Value.ReflectionValue));

    /// <summary>What the last word of a dotted name could be.</summary>
    public IEnumerable<string> Complete(string name) => fsi.GetCompletions(name);

    /// <summary>Makes a library known, once.</summary>
    public void Reference(string path)
    {
        if (referenced.Add(path))
            _ = Evaluate("reference", $"#r @\"{path}\"");
    }

    /// <summary>Why code would not compile, found without running anything.</summary>
    /// <param name="name">What errors call the code.</param>
    /// <param name="code">The code.</param>
    /// <param name="before">Code to think of as already run.</param>
    public ErrorOutput? Check(string name, string code, string before)
    {
        var path = Named(name);
        var escaped = path.Replace("\\", "\\\\", StringComparison.Ordinal);
        var (parsed, known, _) = fsi.ParseAndCheckInteraction($"{before}\n# 1 \"{escaped}\"\n{code}", null).ToValueTuple();
        var faults = parsed.Diagnostics
            .Concat(known.Diagnostics)
            .DistinctBy(fault => (fault.StartLine, fault.StartColumn, fault.Message));
        return FSharpReport.From([.. faults], path, code, folder);
    }

    /// <summary>Runs code, all or nothing: what does not compile does not begin, and of what throws no name stays.</summary>
    /// <param name="name">What errors call it.</param>
    /// <param name="code">The code.</param>
    /// <param name="before">Code to run as part of it, in its first line, which must then be blank: a part has its heading there.</param>
    public FSharpOutcome Evaluate(string name, string code, string before = "")
    {
        var path = Named(name);
        var (result, diagnostics) = fsi.EvalInteractionNonThrowing(before + code, path, null).ToValueTuple();
        if (FSharpReport.From(diagnostics, path, code, folder) is { } fault)
            return new FSharpOutcome(NotCompiled: fault);
        return result switch
        {
            FSharpChoice<FSharpOption<FsiValue>, Exception>.Choice1Of2 { Item: { } value } =>
                new FSharpOutcome(Value: value.Value.ReflectionValue),
            FSharpChoice<FSharpOption<FsiValue>, Exception>.Choice2Of2 thrown => new FSharpOutcome(Thrown: thrown.Item),
            _ => new FSharpOutcome(),
        };
    }

    public void Dispose() => ((IDisposable)fsi).Dispose();

    /// <summary>F# makes a full path of every name.</summary>
    private string Named(string name) => Path.Combine(folder, name);
}
