using System.CommandLine;
using FewShot.Runtime;
using FewShot.Transfer;

namespace FewShot.Kernel.Commands;

/// <summary>The command <c>classify</c>: what photos show, or texts are about.</summary>
internal static class ClassifyCommand
{
    public static Command Create() => Create(Console.Out, Console.Error);

    public static Command Create(TextWriter output, TextWriter errors)
    {
        var file = new Argument<string>("classifier") { Description = "What 'train' wrote, as pets.fewshot." };
        var examples = new Argument<string[]>("examples")
        {
            Description = "PNG or JPEG files; of a classifier of texts: the texts themselves, each in quotes.",
            Arity = ArgumentArity.OneOrMore,
        };
        var top = new Option<int>("--top") { Description = "Classes to name, likeliest first.", DefaultValueFactory = _ => 3 };
        var json = new Option<bool>("--json") { Description = "Write JSON for other programs in place of a table." };
        var command = new Command(
            "classify",
            "Says what photos show or texts are about. The exit status is 0, or 1 where one cannot be read, 2 where the call is wrong.")
        {
            file, examples, top, json,
        };
        command.SetAction((arguments, cancellation) => Guard.RunLong(arguments, "Stopped.", cancellation, () =>
        {
            var (path, asked, count) = (arguments.GetRequiredValue(file), arguments.GetRequiredValue(examples), arguments.GetValue(top));
            if (count < 1)
                throw new FewShotException($"--top must be at least 1; found {count}.");
            var ofTexts = TextClassifier.IsIn(path);
            var answers = ofTexts ? OfTexts(path, asked, count) : OfPhotos(path, asked, count, cancellation);
            var example = ofTexts ? "text" : "photo";
            if (arguments.GetValue(json))
                ClassificationJson.Write(output, example, answers);
            else
                ClassificationTable.Write(output, example, answers);
            foreach (var (_, fault) in answers.Where(answer => answer.Fault is not null))
                errors.WriteLine(fault);
            return answers.All(answer => answer.Fault is null) ? 0 : 1;
        }, errors));
        return command;
    }

    private static IReadOnlyList<ExampleAnswer> OfTexts(string path, string[] texts, int top)
    {
        using var classifier = TextClassifier.Load(path);
        return Answers(texts, some => classifier.Classify(some, top));
    }

    private static IReadOnlyList<ExampleAnswer> OfPhotos(string path, string[] photos, int top, CancellationToken cancellation)
    {
        using var backbone = OpenBackbone.Current(cancellation);
        using var classifier = Classifier.Load(path, backbone.Value);
        return Answers(photos, some => classifier.Classify(some, top));
    }

    /// <summary>One example that cannot be read does not keep the others from their answers.</summary>
    private static IReadOnlyList<ExampleAnswer> Answers(string[] examples, Func<string[], IReadOnlyList<Classification>> classify)
    {
        try
        {
            // All together is fastest.
            return [.. classify(examples).Select(answer => new ExampleAnswer(answer, null))];
        }
        catch (FewShotException) when (examples.Length > 1)
        {
            return [.. examples.SelectMany(one => Answers([one], classify))];
        }
        catch (FewShotException e)
        {
            return [new ExampleAnswer(new Classification(examples[0], [], false), e.Message)];
        }
    }
}
