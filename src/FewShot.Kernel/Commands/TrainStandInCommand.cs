using System.CommandLine;
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
        command.SetAction((arguments, cancellation) => Guard.RunLong(arguments, "Stopped.", cancellation, () =>
        {
            var folder = arguments.GetValue(output) ?? StandInBackbone.Folder;
            var record = StandInTraining.Run(folder, new StandInOptions { Seed = arguments.GetValue(seed) }, cancel: cancellation);
            Console.WriteLine(record.ToString());
            Console.WriteLine($"Written: {Path.GetFullPath(folder)}");
            return 0;
        }));
        return command;
    }
}
