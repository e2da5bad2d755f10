using System.CommandLine;
using FewShot.Transfer;

namespace FewShot.Kernel.Commands;

/// <summary>The command <c>evaluate</c>: how good a classifier is on photos that it has not seen.</summary>
internal static class EvaluateCommand
{
    public static Command Create() => Create(Console.Out, Console.Error);

    public static Command Create(TextWriter output, TextWriter errors)
    {
        var file = new Argument<string>("classifier") { Description = "What 'train' wrote, as pets.fewshot." };
        var folder = new Argument<string>("folder")
        {
            Description = "A folder that holds one folder of photos for each class. Classes that the classifier does not know stand for "
                + "the unknown, which it should refuse.",
        };
        var command = new Command("evaluate", "Says how often a classifier is right on photos that it was not trained on.")
        {
            file, folder,
        };
        command.SetAction((arguments, cancellation) => Guard.RunLong(arguments, "Stopped.", cancellation, () =>
        {
            using var backbone = OpenBackbone.Current(cancellation);
            using var classifier = Classifier.Load(arguments.GetRequiredValue(file), backbone.Value);
            output.WriteLine(classifier.Evaluate(arguments.GetRequiredValue(folder)));
            return 0;
        }, errors));
        return command;
    }
}
