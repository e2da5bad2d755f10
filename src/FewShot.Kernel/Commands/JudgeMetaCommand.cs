using System.CommandLine;
using FewShot.Course;
using FewShot.Studies;

namespace FewShot.Kernel.Commands;

/// <summary>The command <c>judge-meta</c>: judges weights that a training left, without training them further.</summary>
internal static class JudgeMetaCommand
{
    public static Command Create()
    {
        var defaults = new OmniglotStudyOptions();
        var weights = new Argument<string>("weights") { Description = "The file (safetensors); its record is written beside it." };
        var training = new Option<string>("--training") { Description = "The record of the training that made it.", Required = true };
        var method = new Option<MetaMethod>("--method") { Description = "What was trained.", DefaultValueFactory = _ => defaults.Method };
        var command = new Command("judge-meta", "Judges meta-trained weights on the 600 frozen episodes of Omniglot's test characters.")
        {
            weights, training, method,
        };
        command.SetAction((arguments, cancellation) => Guard.RunLong(arguments, "Stopped.", cancellation, () =>
        {
            using var material = OmniglotMaterial.Open();
            var options = new OmniglotStudyOptions { Method = arguments.GetValue(method) };
            var record = OmniglotStudy.Judge(
                material.Split, arguments.GetRequiredValue(weights), arguments.GetRequiredValue(training), options);
            foreach (var (name, value) in record.Results)
                Console.WriteLine(FormattableString.Invariant($"{name,-40} {value:0.####}"));
            return 0;
        }));
        return command;
    }
}
