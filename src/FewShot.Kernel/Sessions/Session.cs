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

namespace FewShot.Kernel.Sessions;

/// <summary>
/// A C# session: cells run one after another and share their variables, types and usings; parts of cells in F# do so among themselves,
/// and the two languages share their values. It shows nothing itself: it hands every output to the caller as it comes. The console, the
/// working directory and the registered formatters belong to the whole process, so one session runs at a time.
/// </summary>
public sealed class Session : ICellSession, IDisposable
{
    private const string Stubborn =
        "This cell is inside a call that cannot be stopped, and ends when that does. To end it now, restart the kernel.\n";

    // After this time a sleep or a wait is ended. A loop, and code that shows something, have stopped by themselves before that.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

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
        DefaultFormatters.Register();
    }

    /// <summary>The folder that relative paths start from.</summary>
    public string Folder { get; }

    /// <summary>Runs the F# parts of cells; it starts with the first of them.</summary>
    internal FSharpSide FSharp { get; }

    ISharedValues ICellSession.SharedValues => FSharp;

    /// <summary>Compiles a cell that does nothing, so that the first real one does not wait for the compiler to load.</summary>
    public static void WarmUp() => CellCompiler.WarmUp();

    /// <summary>Compiles and runs a cell.</summary>
    /// <param name="cell">The code.</param>
    /// <param name="output">Receives what the cell shows as it comes, on whatever thread shows it.</param>
    /// <param name="cancellation">Stops the cell: a loop at its next turn, a wait at once, what shows something when it does;
    /// a long call is not stopped.</param>
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
        CellStop.Begin();
        using var stop = cancellation.Register(CellStop.Ask);
        try
        {
            var (plan, error) = await thread.Run(() => compiler.Compile(cell, state, cancellation));
            compiled = watch.Elapsed;
            if (plan is null)
                return End(CellStatus.NotCompiled, error);
            foreach (var step in plan.Steps)
            {
                var outcome = await Run(step, context, cancellation);
                if (outcome.NotCompiled is not null)
                    return End(step == plan.Steps[0] ? CellStatus.NotCompiled : CellStatus.Failed, outcome.NotCompiled);
                if (outcome.Thrown is OperationCanceledException or ThreadInterruptedException && cancellation.IsCancellationRequested)
                    return Stopped();
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
        catch (Exception e) when (e is OperationCanceledException or ThreadInterruptedException && cancellation.IsCancellationRequested)
        {
            return Stopped();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
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

        CellResult Stopped()
        {
            var told = $"{cell.Name} was stopped.";
            return End(CellStatus.Cancelled, new ErrorOutput("Cancelled", told, [told]));
        }

        CellResult End(CellStatus status, ErrorOutput? error)
        {
            if (error is not null)
                Show(error);
            return new CellResult(status, compiled, watch.Elapsed - compiled, error);
        }
    }

    /// <summary>What may be written at a place in a cell that is being typed. Not while a cell runs.</summary>
    /// <param name="code">The cell so far.</param>
    /// <param name="position">The place, in characters from its start.</param>
    public Completions Complete(string code, int position) => CellLanguages.IsFSharpAt(code, position)
        ? FSharp.Complete(code, Math.Clamp(position, 0, code.Length))
        : Help("completion", code).Complete(position);

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

    IReadOnlyDictionary<string, string> ICellSession.Render(object? value, Cell cell, IReadOnlyList<string> mimeTypes) =>
        renderer.Render(value, cell, mimeTypes);

    private string NextDisplayId() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"display-{Interlocked.Increment(ref displays)}");

    private static string Times(TimeSpan running, TimeSpan compiling) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"Time: {running.TotalMilliseconds:N1} ms running, {compiling.TotalMilliseconds:N1} ms compiling");

    private async Task<Exception?> Finish(CellContext context) => await await thread.Run(() => context.Run(context.End));

    private async Task<StepOutcome> Run(CompiledStep step, CellContext context, CancellationToken cancellation)
    {
        switch (step)
        {
            case TextStep text:
                context.Show(new DisplayOutput(text.Text.Data, NextDisplayId()));
                return new StepOutcome();
            case FSharpStep fsharp:
                return await thread.Run(() => context.Run(() => Run(fsharp, context, cancellation)));
            case LateStep late:
                var (ready, fault) = await thread.Run(() => compiler.Ready(state?.Script, late.Name, late.Code, cancellation));
                return fault is null ? await Run(ready, context, cancellation) : new StepOutcome(NotCompiled: fault);
            default:
                return await Run([(ScriptStep)step], context, cancellation);
        }
    }

    private async Task<StepOutcome> Run(IEnumerable<ScriptStep> scripts, CellContext context, CancellationToken cancellation)
    {
        foreach (var (script, warnings) in scripts)
        {
            if (warnings.Count > 0)
            {
                var note = new Dictionary<string, string> { ["text/plain"] = string.Join('\n', warnings) };
                context.Show(new DisplayOutput(note, NextDisplayId()));
            }

            var next = await await thread.Run(() => context.Run(() => Start(script, context, cancellation)));
            state = next;
            if (next.Exception is not null)
                return new StepOutcome(Thrown: next.Exception);
            await thread.Run(() => context.Run(() => ShowResult(script, next, context)));
        }

        return new StepOutcome();
    }

    private StepOutcome Run(FSharpStep step, CellContext context, CancellationToken cancellation)
    {
        FSharpOutcome? outcome = null;
        Interruptible(begun => outcome = FSharp.Run(step.Name, step.Source, state, begun), context, cancellation);
        if (outcome!.Value is not (null or DisplayHandle))
            context.Show(new ResultOutput(context.Render(outcome.Value, [])));
        return new StepOutcome(outcome.NotCompiled, outcome.Thrown);
    }

    private Task<ScriptState<object>> Start(Script<object> script, CellContext context, CancellationToken cancellation)
    {
        Task<ScriptState<object>>? running = null;
        Interruptible(
            begun =>
            {
                begun();
                running = state is null
                    ? script.RunAsync(null, catchException: _ => true, cancellation)
                    : script.RunFromAsync(state, catchException: _ => true, cancellation);
            },
            context,
            cancellation);
        return running!.WaitAsync(cancellation);
    }

    /// <summary>
    /// Runs code that can be stopped from when it says that it has begun. Loops ask whether to go on (see <see cref="StoppableLoops"/>),
    /// what shows something is stopped by that (see <see cref="CellContext.Show"/>), and sleeps and waits are ended here. Nothing stops
    /// other code, a long call for instance: to cut a thread off wherever it is (ControlledExecution) hangs or ends the whole process now
    /// and then (.NET 10 on Linux), and with it all that the session holds.
    /// </summary>
    private void Interruptible(Action<Action> run, CellContext context, CancellationToken cancellation)
    {
        using var wake = new CancellationTokenSource();
        using var woken = wake.Token.Register(thread.Wake);
        using var tell = new CancellationTokenSource();
        using var told = tell.Token.Register(() => context.Tell(Stubborn));
        CancellationTokenRegistration stop = default;
        try
        {
            thread.Wakeable(() => run(() =>
            {
                cancellation.ThrowIfCancellationRequested();
                stop = cancellation.Register(() =>
                {
                    wake.CancelAfter(Grace);
                    tell.CancelAfter(Patience);
                });
            }));
        }
        finally
        {
            stop.Dispose();
        }
    }

    private bool ShowResult(Script<object> script, ScriptState<object> result, CellContext context)
    {
        var value = result.ReturnValue;
        if (!HasResult(script, value))
            return false;
        // A handle is the trace of a display, not a value to show again.
        if (value is not DisplayHandle)
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
