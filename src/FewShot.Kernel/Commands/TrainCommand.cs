using System.CommandLine;
using System.Globalization;
using FewShot.Transfer;

namespace FewShot.Kernel.Commands;

/// <summary>The command <c>train</c>: a folder of photos, or a table of texts, to a classifier in a file.</summary>
internal static class TrainCommand
{
    public static Command Create() => Create(Console.Out, Console.Error);

    public static Command Create(TextWriter output, TextWriter errors)
    {
        var defaults = new ClassifierOptions();
        var examples = new Argument<string>("examples")
        {
            Description = "A folder with one folder of PNG or JPEG photos for each class, or a .csv or .tsv table of texts and classes.",
        };
        var file = new Option<string>("--output", "-o") { Description = "The classifier to write, as pets.fewshot.", Required = true };
        var size = new Option<int>("--size")
        {
            Description = "Side in pixels that each photo is brought to; half of it takes a quarter of the time.",
            DefaultValueFactory = _ => defaults.Size,
        };
        var curve = new Option<bool>("--curve")
        {
            Description = "Also measure accuracy against the number of examples: would more of them help?",
        };
        var columns = new TextColumns();
        var command = new Command("train", "Learns a classifier of your photos or texts, and keeps it in a file under 1 MB.")
        {
            examples, file, size, curve, columns.Text, columns.Label,
        };
        command.SetAction((arguments, cancellation) => Guard.RunLong(arguments, "Stopped; nothing was written.", cancellation, () =>
        {
            var from = arguments.GetRequiredValue(examples);
            if (TextColumns.IsTable(from))
            {
                using var classifier = TextClassifier.Train(columns.Read(arguments, from));
                Keep(classifier, () => classifier.HowManyTexts());
            }
            else
            {
                using var backbone = OpenBackbone.Current(cancellation);
                using var classifier = Classifier.Train(from, defaults with { Size = arguments.GetValue(size) }, backbone.Value);
                Keep(classifier, () => classifier.HowManyPhotos());
            }

            return 0;

            void Keep(FewShotClassifier classifier, Func<ExampleCurve> measure)
            {
                var path = arguments.GetRequiredValue(file);
                classifier.Save(path);
                output.WriteLine(classifier);
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"written:  {path}, {new FileInfo(path).Length:N0} bytes"));
                if (arguments.GetValue(curve))
                    output.WriteLine(measure());
            }
        }, errors));
        return command;
    }
}
