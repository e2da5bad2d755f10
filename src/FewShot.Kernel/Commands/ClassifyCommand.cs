using System.CommandLine;
using FewShot.Runtime;
using FewShot.Transfer;

namespace FewShot.Kernel.Commands;

/// <summary>The command <c>classify</c>: what photos show.</summary>
internal static class ClassifyCommand
{
    public static Command Create() => Create(Console.Out, Console.Error);

    public static Command Create(TextWriter output, TextWriter errors)
    {
        var file = new Argument<string>("classifier") { Description = "What 'train' wrote, as pets.fewshot." };
        var photos = new Argument<string[]>("photos") { Description = "PNG or JPEG files.", Arity = ArgumentArity.OneOrMore };
        var top = new Option<int>("--top") { Description = "Classes to name, likeliest first.", DefaultValueFactory = _ => 3 };
        var json = new Option<bool>("--json") { Description = "Write JSON for other programs in place of a table." };
        var command = new Command(
            "classify",
            "Says what photos show. The exit status is 0, or 1 where a photo cannot be read, 2 where the call is wrong.")
        {
            file, photos, top, json,
        };
        command.SetAction((arguments, cancellation) => Guard.RunLong(arguments, "Stopped.", cancellation, () =>
        {
            using var backbone = OpenBackbone.Current(cancellation);
            using var classifier = Classifier.Load(arguments.GetRequiredValue(file), backbone.Value);
            var answers = Answers(classifier, arguments.GetRequiredValue(photos), arguments.GetValue(top));
            if (arguments.GetValue(json))
                ClassificationJson.Write(output, answers);
            else
                ClassificationTable.Write(output, answers);
            foreach (var (_, fault) in answers.Where(answer => answer.Fault is not null))
                errors.WriteLine(fault);
            return answers.All(answer => answer.Fault is null) ? 0 : 1;
        }, errors));
        return command;
    }

    /// <summary>One photo that cannot be read does not keep the others from their answers.</summary>
    private static IReadOnlyList<PhotoAnswer> Answers(Classifier classifier, string[] photos, int top)
    {
        if (top < 1)
            throw new FewShotException($"--top must be at least 1; found {top}.");
        try
        {
            // All together is fastest.
            return [.. classifier.Classify(photos, top).Select(answer => new PhotoAnswer(answer, null))];
        }
        catch (FewShotException) when (photos.Length > 1)
        {
            return [.. photos.SelectMany(photo => Answers(classifier, [photo], top))];
        }
        catch (FewShotException e)
        {
            return [new PhotoAnswer(new Classification(photos[0], [], false), e.Message)];
        }
    }
}
