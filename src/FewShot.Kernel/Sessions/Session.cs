using System.Diagnostics;
using FewShot.Kernel.Cells;
using FewShot.Kernel.Display;
using FewShot.Kernel.FSharpCells;
using FewShot.Kernel.Packages;
using FewShot.Runtime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive.Formatting;

namespace FewShot.Kernel.Sessions;

/// <summary>
/// A C# session: cells run one after another and share their variables, types and usings; parts of cells in F# do so among themselves,
/// and the two languages share their values. It shows nothing itself: it hands every output to the caller as it comes. The console, the
/// working directory and the registered formatters belong to the whole process, so one session runs at a time.
/// </summary>
public sealed class Session : ICellSession, IDisposable
{
    private readonly SessionThread thread = new();
    private readonly ValueRenderer renderer;
    private readonly CellCompiler compiler;
    private ScriptState<object>? state;
    private int displays;

    /// <summary>An empty session.</summary>
    public Session(SessionOptions? options = null)
    {
        options ??= new SessionOptions();
        Folder = Path.GetFullPath(options.Folder);
        renderer = new ValueRenderer(options.Renderers);
        FSharp = new FSharpSide(Folder);
        compiler = new CellCompiler(
            Folder, new SessionPackages(Folder, new PackageRestore(Folder, options.PackageCache)), FSharp);
        LoadTorch();
        ConsoleRouter.Install();
        CellStopping.Install();
        DefaultFormatters.Register();
    }

    /// <summary>The folder that relative paths start from.</summary>
    public string Folder { get; }

    /// <summary>Runs the F# parts of cells; it starts with the first of them.</summary>
    internal FSharpSide FSharp { get; }

    ISharedValues ICellSession.SharedValues => FSharp;

    IReadOnlyList<SessionVariable> ICellSession.Variables =>
    [
        .. (state?.Variables ?? []).Select(variable => new SessionVariable(variable.Name, variable.Type, variable.Value))
            .Concat(FSharp.Variables)
            .Reverse().DistinctBy(variable => variable.Name).Reverse(),
    ];

    /// <summary>Compiles a cell that does nothing, so that the first real one does not wait for the compiler to load.</summary>
    public static void WarmUp() => CellCompiler.WarmUp();

    /// <summary>Compiles and runs a cell.</summary>
    /// <param name="cell">The code.</param>
    /// <param name="output">Receives what the cell shows as it comes, on whatever thread shows it.</param>
    /// <param name="cancellation">Stops the cell: a loop at its next turn, a function at its next call, a wait at once, what shows
    /// something when it does; a long call of a library is not stopped.</param>
    /// <param name="ask">Answers what the cell asks, given a prompt and whether the answer is a secret; null
    /// where nobody is there to answer.</param>
    public async Task<CellResult> ExecuteAsync(
        Cell cell, Action<CellOutput> output, CancellationToken cancellation = default, Func<string, bool, string?>? ask = null)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(output);
        using var native = NativeOutput.Begin(text => output(new StreamOutput(IsError: false, text)));
        var context = new CellContext(this, cell, Show, cancellation, ask);
        var watch = Stopwatch.StartNew();
        var compiled = TimeSpan.Zero;
        using var stopping = new CellStopping(context, thread, cancellation);
        try
        {
            var (plan, error) = await thread.Run(() => compiler.Compile(cell, state, cancellation));
            compiled = watch.Elapsed;
            if (plan is null)
                return End(CellStatus.NotCompiled, error);
            foreach (var step in plan.Steps)
            {
                var outcome = await Run(step, context, stopping, cancellation);
                if (outcome.NotCompiled is not null)
                    return End(step == plan.Steps[0] ? CellStatus.NotCompiled : CellStatus.Failed, outcome.NotCompiled);
                if (outcome.Thrown is not null && cancellation.IsCancellationRequested)
                    return await Stopped();
                if (outcome.Thrown is not null)
                    return End(CellStatus.Failed, ExceptionReport.From(outcome.Thrown, Folder));
            }

            if (await Finish(context) is { } thrown)
                return End(CellStatus.Failed, ExceptionReport.From(thrown, Folder));
            if (plan.IsTimed)
            {
                var times = new Dictionary<string, string> { ["text/plain"] = Times(watch.Elapsed - compiled, compiled) };
                context.Show(new DisplayOutput(times, NextDisplayId()));
            }

            return End(CellStatus.Succeeded, null);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever a cell throws when it has been asked to stop comes of that: it may have wrapped the reason.
            if (cancellation.IsCancellationRequested)
                return await Stopped();
            // A formatter that throws, or a cell whose assembly does not load.
            return End(CellStatus.Failed, ExceptionReport.From(e, Folder));
        }
        finally
        {
            _ = await Finish(context);
        }

        // What a program has written until now goes before what is shown now.
        void Show(CellOutput shown)
        {
            native?.Catch();
            output(shown);
        }

        async Task<CellResult> Stopped()
        {
            var told = await stopping.Quiet()
                ? $"{cell.Name} was stopped."
                : $"{cell.Name} was stopped, but a task or thread that it started is inside a call that cannot be stopped, and ends when "
                    + "that does.";
            return End(CellStatus.Cancelled, new ErrorOutput("Cancelled", told, [told]));
        }

        CellResult End(CellStatus status, ErrorOutput? error)
        {
            context.End(status);
            if (error is not null)
                Show(error);
            return new CellResult(status, compiled, watch.Elapsed - compiled, error);
        }
    }

    /// <summary>What may be written at a place in a cell that is being typed. Not while a cell runs.</summary>
    /// <param name="code">The cell so far.</param>
    /// <param name="position">The place, in characters from its start.</param>
    public Completions Complete(string code, int position) => CellWords.Complete(code, position)
        ?? (CellLanguages.IsFSharpAt(code, position)
            ? FSharp.Complete(code, Math.Clamp(position, 0, code.Length))
            : Help("completion", code).Complete(position));

    /// <summary>
    /// What stands at a place in a cell: its declaration and its documentation as Markdown; null where nothing
    /// does, and in F#. Not while a cell runs.
    /// </summary>
    /// <inheritdoc cref="Complete"/>
    public string? Inspect(string code, int position) =>
        CellLanguages.IsFSharpAt(code, position) ? null : Help("inspection", code).Describe(position);

    /// <summary>Forgets the session's variables.</summary>
    public void Dispose()
    {
        state = null;
        FSharp.Dispose();
        thread.Dispose();
    }

    private CodeHelp Help(string name, string code) => new(compiler.Scripts(state?.Script, name, CellLanguages.WithoutFSharp(code))[^1]);

    /// <summary>A cell may touch TorchSharp before anything of the library, which is what loads the native files.</summary>
    private static void LoadTorch()
    {
        try
        {
            Torch.Load();
        }
        catch (FewShotException)
        {
            // Notebooks that need no tensor run without; the first call of the library that needs one says what is wrong.
        }
    }

    string ICellSession.NextDisplayId() => NextDisplayId();

    void ICellSession.GoOn(CellContext cell, Action continuation) => thread.Post(cell, continuation);

    IReadOnlyDictionary<string, string> ICellSession.Render(object? value, Cell cell, IReadOnlyList<string> mimeTypes) =>
        renderer.Render(value, cell, mimeTypes);

    private string NextDisplayId() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"display-{Interlocked.Increment(ref displays)}");

    private static string Times(TimeSpan running, TimeSpan compiling) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"Time: {running.TotalMilliseconds:N1} ms running, {compiling.TotalMilliseconds:N1} ms compiling");

    private async Task<Exception?> Finish(CellContext context) => await await thread.Run(() => context.Run(context.RunEndings));

    private async Task<StepOutcome> Run(
        CompiledStep step, CellContext context, CellStopping stopping, CancellationToken cancellation)
    {
        switch (step)
        {
            case TextStep text:
                context.Show(new DisplayOutput(text.Text.Data, NextDisplayId()));
                return new StepOutcome();
            case FSharpStep fsharp:
                return await OnThread(context, begun => Run(fsharp, context, begun));
            case LateStep late:
                var (ready, fault) = await thread.Run(() => compiler.Ready(state?.Script, late.Name, late.Code, cancellation));
                return fault is null ? await Run(ready, context, stopping) : new StepOutcome(NotCompiled: fault);
            default:
                return await Run([(ScriptStep)step], context, stopping);
        }
    }

    private async Task<StepOutcome> Run(IEnumerable<ScriptStep> scripts, CellContext context, CellStopping stopping)
    {
        foreach (var (script, warnings) in scripts)
        {
            if (warnings.Count > 0)
            {
                var note = new Dictionary<string, string> { ["text/plain"] = string.Join('\n', warnings) };
                context.Show(new DisplayOutput(note, NextDisplayId()));
            }

            var running = await OnThread(context, begun => Start(script, begun));
            state = await running.WaitAsync(stopping.Abandoned);
            // Off the session's thread, on which the cell may have ended.
            await Task.Yield();
            if (state.Exception is { } thrown)
                return new StepOutcome(Thrown: thrown);
            await OnThread(context, begun => ShowResult(script, state, context, begun));
        }

        return new StepOutcome();
    }

    private Task<T> OnThread<T>(CellContext context, Func<Action, T> run) =>
        thread.Run(() => context.Run(() => thread.Wakeable(context, run)));

    private StepOutcome Run(FSharpStep step, CellContext context, Action begun)
    {
        var outcome = FSharp.Run(step.Name, step.Source, state, begun);
        if (outcome.Value is not (null or DisplayedValue))
            context.Show(new ResultOutput(context.Render(outcome.Value, [])));
        return new StepOutcome(outcome.NotCompiled, outcome.Thrown);
    }

    private Task<ScriptState<object>> Start(Script<object> script, Action begun)
    {
        begun();
        // No cancellation: the engine would ask only before it starts, and begun has.
        return state is null
            ? script.RunAsync(null, catchException: _ => true, CancellationToken.None)
            : script.RunFromAsync(state, catchException: _ => true, CancellationToken.None);
    }

    private bool ShowResult(Script<object> script, ScriptState<object> result, CellContext context, Action begun)
    {
        var value = result.ReturnValue;
        if (!HasResult(script, value))
            return false;
        // The value may be a query that computes only now. A handle is the trace of a display, not a value to show again.
        begun();
        if (value is not DisplayedValue)
            context.Show(new ResultOutput(context.Render(value, [])));
        return true;
    }

    /// <summary>Whether a value is that of a last expression without a semicolon, or of a return.</summary>
    private static bool HasResult(Script<object> script, object? value)
    {
        var tree = script.GetCompilation().SyntaxTrees.Last();
        return ((CompilationUnitSyntax)tree.GetRoot()).Members.LastOrDefault() switch
        {
            GlobalStatementSyntax { Statement: ReturnStatementSyntax { Expression: not null } } => true,
            GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } statement } =>
                value is not null
                || script.GetCompilation().GetSemanticModel(tree).GetTypeInfo(statement.Expression).Type
                    is not (null or { SpecialType: SpecialType.System_Void }),
            // Only a return gives a value here.
            _ => value is not null,
        };
    }

    /// <summary>What ended a step, if it did not end by itself.</summary>
    private sealed record StepOutcome(ErrorOutput? NotCompiled = null, Exception? Thrown = null);
}
