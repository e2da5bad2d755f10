using System.CommandLine;
using System.Globalization;
using FewShot.Course;
using FewShot.Kernel.Sessions;
using FewShot.Runtime;
using Spectre.Console;

namespace FewShot.Kernel.Run;

/// <summary>The command <c>run</c>: executes notebooks in the terminal.</summary>
internal static class RunCommand
{
    /// <summary>The command, in this process's terminal.</summary>
    public static Command Create() => Create(ConsoleRouter.TerminalOut, Console.Error, Console.IsOutputRedirected);

    /// <summary>The command, elsewhere.</summary>
    /// <param name="terminal">Takes progress and results.</param>
    /// <param name="errors">Takes what is wrong with the call.</param>
    /// <param name="isPlain">Whether only plain lines are wanted.</param>
    public static Command Create(TextWriter terminal, TextWriter errors, bool isPlain)
    {
        var source = new Argument<string>("notebooks")
        {
            Description = "A folder of notebooks named NN-name.ipynb, or one notebook.",
            DefaultValueFactory = _ => "notebooks",
        };
        var profile = new Option<CourseProfile?>("--profile")
        {
            Description = "quick: minutes on a CPU; full: every draw and test image. Default: full on a GPU, otherwise quick.",
        };
        var backbone = new Option<CourseBackbone?>("--backbone")
        {
            Description = "imagenet20: the network that comes with the build, the default; resnet18: torchvision's.",
        };
        var only = new Option<string[]>("--only")
        {
            Description = "Run only notebooks whose name starts with this, as 01.",
            DefaultValueFactory = _ => [],
        };
        var inPlace = new Option<bool>("--in-place")
        {
            Description = "Write the outputs into the notebooks too: charts as still pictures, no pictures of others' data.",
        };
        var language = new Option<string?>("--language")
        {
            Description = "zh: prose, exercises and titles in Chinese. Default: English.",
        };
        language.AcceptOnlyFromAmong("en", "zh");
        var output = new Option<string?>("--output")
        {
            Description = "Where executed copies and pages go. Default: artifacts/course in the repository.",
        };
        var record = new Option<string?>("--record")
        {
            Description = "Where a record of the run goes: the seconds of each notebook, and what it computed on and with.",
        };
        var command = new Command("run", "Executes notebooks and writes them, with their outputs, as notebooks and as web pages.")
        {
            source, profile, backbone, only, inPlace, language, output, record,
        };
        command.SetAction((arguments, cancellation) => Run(
            arguments,
            new CourseRunOptions
            {
                Source = arguments.GetRequiredValue(source),
                Profile = arguments.GetValue(profile),
                Backbone = arguments.GetValue(backbone),
                Only = arguments.GetRequiredValue(only),
                InPlace = arguments.GetValue(inPlace),
                Language = arguments.GetValue(language) is "en" ? null : arguments.GetValue(language),
                Output = arguments.GetValue(output),
                Record = arguments.GetValue(record),
            },
            terminal,
            errors,
            isPlain,
            cancellation));
        return command;
    }

    private static async Task<int> Run(
        ParseResult arguments,
        CourseRunOptions options,
        TextWriter terminal,
        TextWriter errors,
        bool isPlain,
        CancellationToken cancellation)
    {
        // Said at once: a cell inside a long call is not waited for.
        using var stopped = cancellation.Register(() => errors.WriteLine("Stopped."));
        try
        {
            CommandLine.Set(arguments.Tokens.Select(token => token.Value));
            var notebooks = CourseRun.Find(options);
            var folder = CourseRun.OutputFolder(options);
            var warming = Task.Run(Session.WarmUp, cancellation);
            var console = AnsiConsole.Create(new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(terminal),
                Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Detect,
                Interactive = isPlain ? InteractionSupport.No : InteractionSupport.Detect,
            });
            // Asked for once: while a cell runs, the standard output is the cell's, and no terminal that has a width.
            console.Profile.Width = isPlain ? 160 : console.Profile.Width;
            IReadOnlyList<CourseEntry> entries = [];
            if (console.Profile.Capabilities.Interactive)
            {
                await LiveObserver.Display(console).StartAsync(async context =>
                    entries = await CourseRun.RunAsync(options, notebooks, folder, new LiveObserver(context), cancellation));
            }
            else
            {
                entries = await CourseRun.RunAsync(options, notebooks, folder, new PlainObserver(terminal), cancellation);
            }

            await warming;
            cancellation.ThrowIfCancellationRequested();
            var status = Report(console, entries, folder);
            if (options.Record is { } path)
                await CourseRecord.WriteAsync(path, options, entries, cancellation);
            return status;
        }
        catch (FewShotException e)
        {
            await errors.WriteLineAsync(e.Message);
            return 1;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return 130;
        }
    }

    private static int Report(IAnsiConsole console, IReadOnlyList<CourseEntry> entries, string folder)
    {
        var table = new Table().AddColumns("Notebook", "Cells", "Seconds", "Result");
        table.Columns[1].RightAligned();
        table.Columns[2].RightAligned();
        foreach (var entry in entries)
        {
            table.AddRow(
                new Spectre.Console.Text(entry.Name),
                new Spectre.Console.Text(entry.Result?.Cells.Count.ToString(CultureInfo.InvariantCulture) ?? "-"),
                new Spectre.Console.Text(entry.Result?.Elapsed.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture) ?? "-"),
                entry.Failure is null
                    ? new Spectre.Console.Text("ok", new Style(Color.Green))
                    : new Spectre.Console.Text("failed: " + entry.Failure, new Style(Color.Red)));
        }

        console.Write(table);
        foreach (var entry in entries.Where(entry => entry.Details.Count > 0))
        {
            console.WriteLine($"{Path.GetFileName(entry.Path)}, {entry.Failure}");
            foreach (var line in entry.Details.Skip(1))
                console.WriteLine("  " + line);
        }

        console.WriteLine($"Pages and executed notebooks: {Path.Combine(folder, "index.html")}");
        return entries.All(entry => entry.Failure is null) ? 0 : 1;
    }
}
