using System.CommandLine;
using FewShot.Transfer;

namespace FewShot.Kernel.Commands;

/// <summary>The command <c>suggest</c>: which unlabelled photos to label next.</summary>
internal static class SuggestCommand
{
    public static Command Create() => Create(Console.Out, Console.Error);

    public static Command Create(TextWriter output, TextWriter errors)
    {
        var file = new Argument<string>("classifier") { Description = "What 'train' wrote, as pets.fewshot." };
        var folder = new Argument<string>("folder") { Description = "A folder of photos whose classes nobody has told yet." };
        var count = new Option<int>("--count") { Description = "Photos to name.", DefaultValueFactory = _ => 10 };
        var command = new Command("suggest", "Names the photos of a folder that are worth a label most, the most useful first.")
        {
            file, folder, count,
        };
        command.SetAction((arguments, cancellation) => Guard.RunLong(arguments, "Stopped.", cancellation, () =>
        {
            using var backbone = OpenBackbone.Current(cancellation);
            using var classifier = Classifier.Load(arguments.GetRequiredValue(file), backbone.Value);
            foreach (var photo in classifier.LabelNext(arguments.GetRequiredValue(folder), arguments.GetValue(count)))
                output.WriteLine(photo);
            return 0;
        }, errors));
        return command;
    }
}
