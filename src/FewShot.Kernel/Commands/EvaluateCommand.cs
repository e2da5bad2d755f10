using System.CommandLine;
using FewShot.Transfer;

namespace FewShot.Kernel.Commands;

/// <summary>The command <c>evaluate</c>: how good a classifier is on photos or texts that it has not seen.</summary>
internal static class EvaluateCommand
{
    public static Command Create() => Create(Console.Out, Console.Error);

    public static Command Create(TextWriter output, TextWriter errors)
    {
        var file = new Argument<string>("classifier") { Description = "What 'train' wrote, as pets.fewshot." };
        var examples = new Argument<string>("examples")
        {
            Description = "A folder that holds one folder of photos for each class, or a table of texts and classes. Classes that the "
                + "classifier does not know stand for the unknown, which it should refuse.",
        };
        var columns = new TextColumns();
        var command = new Command("evaluate", "Says how often a classifier is right on photos or texts that it was not trained on.")
        {
            file, examples, columns.Text, columns.Label,
        };
        command.SetAction((arguments, cancellation) => Guard.RunLong(arguments, "Stopped.", cancellation, () =>
        {
            var (path, from) = (arguments.GetRequiredValue(file), arguments.GetRequiredValue(examples));
            if (TextClassifier.IsIn(path))
            {
                using var classifier = TextClassifier.Load(path);
                output.WriteLine(classifier.Evaluate(columns.Read(arguments, from)));
            }
            else
            {
                using var backbone = OpenBackbone.Current(cancellation);
                using var classifier = Classifier.Load(path, backbone.Value);
                output.WriteLine(classifier.Evaluate(from));
            }

            return 0;
        }, errors));
        return command;
    }
}
