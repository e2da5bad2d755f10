using System.CommandLine;
using System.Globalization;
using FewShot.Onnx;
using FewShot.Transfer;

namespace FewShot.Kernel.Commands;

/// <summary>The command <c>export</c>: a classifier with its backbone as one ONNX model, for programs without this library.</summary>
internal static class ExportCommand
{
    public static Command Create() => Create(Console.Out, Console.Error);

    public static Command Create(TextWriter output, TextWriter errors)
    {
        var file = new Argument<string>("classifier") { Description = "What 'train' wrote, as pets.fewshot." };
        var model = new Option<string>("--output", "-o") { Description = "The model to write, as pets.onnx.", Required = true };
        var command = new Command("export", "Writes a classifier as one ONNX model, which runs without this library.") { file, model };
        command.SetAction((arguments, cancellation) => Guard.RunLong(arguments, "Stopped.", cancellation, () =>
        {
            using var backbone = OpenBackbone.Current(cancellation);
            using var classifier = Classifier.Load(arguments.GetRequiredValue(file), backbone.Value);
            var path = arguments.GetRequiredValue(model);
            classifier.ExportOnnx(path);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{path}: {new FileInfo(path).Length / 1e6:0} MB, from the pixels of a photo to the probabilities of "
                + $"{string.Join(", ", classifier.ClassNames)}."));
            return 0;
        }, errors));
        return command;
    }
}
