using System.CommandLine;
using FewShot.Runtime;
using FewShot.Studies;

namespace FewShot.Kernel.Commands;

/// <summary>The command <c>train-standin</c>: makes the weights of the stand-in backbone.</summary>
internal static class TrainStandInCommand
{
    public static Command Create()
    {
        var output = new Option<string?>("--output") { Description = "Where weights and record go. Default: data/standin in the repository." };
        var seed = new Option<long>("--seed") { Description = "Chooses weights and images." };
        var command = new Command("train-standin", "Trains the small backbone that stands in where ImageNet's weights are not at hand (about 10 minutes on 2 cores).") { output, seed };
        command.SetAction((arguments, cancellation) => Task.Run(() => Run(arguments.GetValue(output), arguments.GetValue(seed), cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(string? output, long seed, CancellationToken cancellation)
    {
        try
        {
            ProgressSink.Current = new TerminalProgress(Console.Out);
            var folder = output ?? StandInBackbone.Folder;
            var record = StandInTraining.Run(folder, new StandInOptions { Seed = seed }, cancel: cancellation);
            Console.WriteLine(record.ToString());
            Console.WriteLine($"Written: {Path.GetFullPath(folder)}");
            return 0;
        }
        catch (FewShotException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Console.Error.WriteLine("Stopped.");
            return 130;
        }
    }
}
