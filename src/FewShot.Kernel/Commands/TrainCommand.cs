using System.CommandLine;
using System.Globalization;
using FewShot.Transfer;

namespace FewShot.Kernel.Commands;

/// <summary>The command <c>train</c>: a folder of photos to a classifier in a file.</summary>
internal static class TrainCommand
{
    public static Command Create() => Create(Console.Out, Console.Error);

    public static Command Create(TextWriter output, TextWriter errors)
    {
        var defaults = new ClassifierOptions();
        var folder = new Argument<string>("folder") { Description = "A folder with one folder of PNG or JPEG photos for each class." };
        var file = new Option<string>("--output", "-o") { Description = "The classifier to write, as pets.fewshot.", Required = true };
        var size = new Option<int>("--size")
        {
            Description = "Side in pixels that each photo is brought to; half of it takes a quarter of the time.",
            DefaultValueFactory = _ => defaults.Size,
        };
        var curve = new Option<bool>("--curve")
        {
            Description = "Also measure accuracy against the number of photos: would more of them help?",
        };
        var command = new Command("train", "Learns a classifier from a folder of your photos, and keeps it in a file under 1 MB.")
        {
            folder, file, size, curve,
        };
        command.SetAction((arguments, cancellation) => Guard.RunLong(arguments, "Stopped; nothing was written.", cancellation, () =>
        {
            using var backbone = OpenBackbone.Current(cancellation);
            using var classifier = Classifier.Train(
                arguments.GetRequiredValue(folder), defaults with { Size = arguments.GetValue(size) }, backbone.Value);
            var path = arguments.GetRequiredValue(file);
            classifier.Save(path);
            output.WriteLine(classifier);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"written:  {path}, {new FileInfo(path).Length:N0} bytes"));
            if (arguments.GetValue(curve))
                output.WriteLine(classifier.HowManyPhotos());
            return 0;
        }, errors));
        return command;
    }
}
