using FewShot.Kernel.Cells;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.FSharp.Core;

namespace FewShot.Kernel.FSharpCells;

/// <summary>
/// The F# side of a session. F# is loaded by the first part of a cell that is F#; a session without one never pays for it. Each side sees
/// the other's values as they are when a part begins: the reference is handed over, and only of names that the part mentions, where the
/// value is new or another than the one handed over last. A value whose type the other side cannot name comes as <c>object</c>; F#
/// functions that take their arguments by name, and types of either side, are not shared.
/// </summary>
/// <param name="folder">The folder that relative paths start from.</param>
internal sealed class FSharpSide(string folder) : ISharedValues, IDisposable
{
    private readonly Dictionary<string, object?> handedOver = new(StringComparer.Ordinal);
    private FSharpSession? session;
    private ScriptState<object>? csharp;
    private Action? begun;

    /// <summary>Loads F#, if that is not done, and the libraries that C# has since been given.</summary>
    public void Start(Script? before)
    {
        session ??= new FSharpSession(folder);
        for (var script = before; script is not null; script = script.Previous)
        {
            foreach (var library in script.GetCompilation().DirectiveReferences.OfType<PortableExecutableReference>())
                session.Reference(library.FilePath!);
        }
    }

    /// <summary>Why a part would not compile, found without running anything.</summary>
    /// <param name="name">What errors call the part.</param>
    /// <param name="source">The F# code.</param>
    /// <param name="before">The C# that will have run by then.</param>
    /// <param name="state">The C# that has.</param>
    public ErrorOutput? Check(string name, FSharpSource source, Script? before, ScriptState<object>? state)
    {
        var declarations = Declarations(source, before, state);
        // A module, because the code may give the same names anew, which F# allows only to another piece of code.
        var preface = declarations.Count == 0
            ? string.Empty
            : $"[<AutoOpen>]\nmodule internal ``values of C#`` =\n    {string.Join("\n    ", declarations)}";
        return session!.Check(name, source.Text, preface);
    }

    /// <summary>Compiles and runs F# code in the same interactive session as all before it.</summary>
    /// <param name="name">What errors call it.</param>
    /// <param name="source">The F# code.</param>
    /// <param name="state">The C# that has run.</param>
    /// <param name="begun">Called when it has been compiled. Stopped before that, the compiler would be left in disorder.</param>
    public FSharpOutcome Run(string name, FSharpSource source, ScriptState<object>? state, Action begun)
    {
        (csharp, this.begun) = (state, begun);
        if (Declarations(source, state?.Script, state) is { Count: > 0 } declarations
            && session!.Evaluate("values of C#", string.Join('\n', declarations)) is { NotCompiled: { } fault })
        {
            return new FSharpOutcome(NotCompiled: fault);
        }

        var outcome = Evaluate(source.Stoppable);
        // Errors are told of the code as it was written.
        return outcome.NotCompiled is null || source.Stoppable == source.Text ? outcome : Evaluate(source.Text);

        FSharpOutcome Evaluate(string code) =>
            session!.Evaluate(name, code, $"do {typeof(FSharpBridge).FullName}.{nameof(FSharpBridge.Begin)}()");
    }

    /// <summary>C# that declares what a piece of C# needs of F#; null where it needs nothing.</summary>
    public string? Declarations(string code, Compilation known)
    {
        if (session is null)
            return null;
        var names = CSharpNames(code);
        var read = $"global::{typeof(FSharpBridge).FullName}.{nameof(FSharpBridge.FromFSharp)}";
        var needed = session.Bindings
            .Where(bound =>
                names.Contains(bound.Name) && bound.Name != "it" && bound.Type != typeof(Unit) && IsNew(bound.Name, bound.Value))
            .Select(bound => (bound.Name, Type: CSharpTypeName.Of(bound.Type, known)))
            .Select(bound => $"{bound.Type} @{bound.Name} = {read}<{bound.Type}>(\"{bound.Name}\");")
            .ToList();
        return needed.Count == 0 ? null : string.Join('\n', needed);
    }

    /// <summary>What may be written at a place: names of earlier cells and of libraries; none before F# is loaded.</summary>
    /// <param name="code">The cell so far.</param>
    /// <param name="position">The place, in characters from its start.</param>
    public Completions Complete(string code, int position)
    {
        var start = position;
        while (start > 0 && IsPartOfName(code[start - 1]))
            start--;
        var first = start;
        while (first > 0 && (IsPartOfName(code[first - 1]) || code[first - 1] == '.'))
            first--;

        var names = session is null || first == position ? [] : session.Complete(code[first..position]);
        return new Completions(
            start,
            position,
            [.. names.Distinct().Order(StringComparer.OrdinalIgnoreCase).Select(name => new CompletionItem(name, "name"))]);

        static bool IsPartOfName(char character) => char.IsLetterOrDigit(character) || character is '_' or '\'';
    }

    /// <summary>The names in C# code, comments and strings left out.</summary>
    public static IReadOnlySet<string> CSharpNames(string code) =>
        CSharpSyntaxTree.ParseText(code, CompileReport.ScriptSyntax).GetRoot().DescendantTokens()
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken))
            .Select(token => token.ValueText)
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>What has a name in F#.</summary>
    public IEnumerable<SessionVariable> Variables => (session?.Bindings ?? [])
        .Where(bound => bound.Name != "it").Select(bound => new SessionVariable(bound.Name, bound.Type, bound.Value));

    public void Begin() => begun?.Invoke();

    public object? FromCSharp(string name) => handedOver[name] = csharp?.GetVariable(name)?.Value;

    public object? FromFSharp(string name) => handedOver[name] = session?.Bindings.FirstOrDefault(bound => bound.Name == name)?.Value;

    public void Dispose() => session?.Dispose();

    private List<string> Declarations(FSharpSource source, Script? before, ScriptState<object>? state)
    {
        var declarations = new List<string>();
        foreach (var name in source.Names)
        {
            if (Variable(name, before, state) is not var (type, hasRun) || (hasRun && !IsNew(name, state!.GetVariable(name)?.Value)))
                continue;
            var written = FSharpTypeName.Of(type);
            var read = $"{typeof(FSharpBridge).FullName}.{nameof(FSharpBridge.FromCSharp)}<{written}>";
            declarations.Add($"let mutable ``{name}`` : {written} = {read}(\"{name}\")");
        }

        return declarations;
    }

    private static (ITypeSymbol Type, bool HasRun)? Variable(string name, Script? before, ScriptState<object>? state)
    {
        var hasRun = false;
        for (var script = before; script is not null; script = script.Previous)
        {
            hasRun |= script == state?.Script;
            var fields = script.GetCompilation().ScriptClass?.GetMembers(name).OfType<IFieldSymbol>();
            if (fields?.FirstOrDefault(field => !field.IsConst) is { } field)
                return (field.Type, hasRun);
        }

        return null;
    }

    private bool IsNew(string name, object? value) => !handedOver.TryGetValue(name, out var last)
        || !(ReferenceEquals(last, value) || (value is ValueType or string && value.Equals(last)));
}
