using System.CommandLine;
using System.Runtime.InteropServices;
using FewShot.Charts;
using FewShot.Kernel.Display;
using FewShot.Kernel.Sessions;
using FewShot.Runtime;
using NetMQ;

namespace FewShot.Kernel.Jupyter;

/// <summary>The command <c>jupyter</c>: what the kernelspec starts.</summary>
internal static class JupyterCommand
{
    // What a shell gives a program that this signal ends.
    private const int TerminatedStatus = 128 + 15;

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    public static Command Create()
    {
        var file = new Argument<string>("connection-file")
        {
            Description = "Written by Jupyter: where to listen, and the key of the signatures.",
        };
        var command = new Command("jupyter", "Serves notebooks to Jupyter and VS Code; they start it themselves (see install).") { file };
        // "jupyter run file.cs" gives the kernel its own arguments too, and runs the file through messages.
        command.TreatUnmatchedTokensAsErrors = false;
        // No asynchronous action: around one, System.CommandLine would end the process at Ctrl+C.
        command.SetAction(arguments => Run(arguments.GetRequiredValue(file)).GetAwaiter().GetResult());
        return command;
    }

    private static async Task<int> Run(string file)
    {
        // The console belongs to the cells once the session is there; this kernel's own words go to its log.
        var log = Console.Error;
        try
        {
            var connection = ConnectionFile.Read(file);
            var options = new SessionOptions { Renderers = [new ChartRenderer(chart => ChartHtml.StillPng(chart))] };
            using var kernel = new JupyterKernel(connection, options, log.WriteLine);
            Console.SetIn(new CellInput());
            ProgressSink.Current = new NotebookProgress();
            // Ctrl+C in the terminal that Jupyter was started from reaches its kernels too: it stops a cell, not the kernel.
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
            {
                signal.Cancel = true;
                kernel.Interrupt();
            });
            var terminated = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
            {
                signal.Cancel = true;
                terminated.TrySetResult();
            });
            AppDomain.CurrentDomain.UnhandledException += (_, fault) => End(
                kernel, $"An exception on a thread of its own ended the kernel, and all variables with it: {fault.ExceptionObject}");
            AppDomain.CurrentDomain.ProcessExit += (_, _) => End(
                kernel, "The cell ended the kernel (Environment.Exit), and all variables with it. Start the kernel again.");
            var end = await Task.WhenAny(kernel.Ended, ParentWatch.ParentEnded(), terminated.Task);
            if (end == terminated.Task)
                kernel.Explain("The kernel was ended from outside (SIGTERM), and all variables with it.");
            kernel.Dispose();
            _ = Task.Run(() => NetMQConfig.Cleanup(block: true)).Wait(Farewell);
            return end == terminated.Task ? TerminatedStatus : 0;
        }
        catch (FewShotException e)
        {
            await log.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static void End(JupyterKernel kernel, string reason)
    {
        kernel.Explain(reason);
        kernel.Dispose();
        _ = Task.Run(() => NetMQConfig.Cleanup(block: true)).Wait(Farewell);
    }
}
