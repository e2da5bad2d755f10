using System.CommandLine;
using FewShot.Course;
using FewShot.Runtime;
using FewShot.Studies;
using FewShot.Text;

namespace FewShot.Kernel.Commands;

/// <summary><c>table</c>: methods side by side on a frozen backbone, with real data.</summary>
internal static class TableCommand
{
    private const string Stopped = "Stopped; the same command goes on from here.";

    public static Command Create() =>
        new("table", "Compares methods with real data. Stopped and started again, it goes on.")
        {
            Labels(), Episodes(), Augmentations(), Text(), Names(),
        };

    private static Command Labels()
    {
        var defaults = new LabelTableOptions();
        var draws = new Option<int>("--draws") { Description = "Draws of the labels.", DefaultValueFactory = _ => defaults.Draws };
        var size = new Option<int>("--size") { Description = "Size of the images in pixels.", DefaultValueFactory = _ => defaults.Size };
        var tuned = new Option<bool>("--fine-tuning") { Description = "The network trained further, too: days on two CPU cores." };
        var output = new Option<string?>("--output")
        {
            Description = "The record to write. Default: data/records/cifar10-labels.json in the repository.",
        };
        var work = new Option<string>("--work")
        {
            Description = "Where features and finished draws are kept; the table as CSV and as a page is written there, too.",
            DefaultValueFactory = _ => Path.Combine("artifacts", "table-labels"),
        };
        var command = new Command(
            "labels", "CIFAR-10 at 1 to 500 labels of each class, ten draws, all test images: about half an hour on two CPU cores.")
        {
            draws, size, tuned, output, work,
        };
        command.SetAction((arguments, cancellation) => Guard.RunLong(arguments, Stopped, cancellation, () =>
        {
            using var material = CourseMaterial.OpenAsync(cancellation: cancellation).GetAwaiter().GetResult();
            Console.WriteLine(material);
            var folder = arguments.GetRequiredValue(work);
            var record = new LabelTableStudy(material, folder, new LabelTableOptions
            {
                Draws = arguments.GetRequiredValue(draws),
                Size = arguments.GetRequiredValue(size),
                IncludesFineTuning = arguments.GetValue(tuned),
            }).Run(cancellation);
            var path = arguments.GetValue(output) ?? LabelTableResult.RecordPath;
            record.Write(path);
            var result = new LabelTableResult(record);
            AtomicFile.WriteText(Path.Combine(folder, "table.csv"), result.ToCsv());
            AtomicFile.WriteText(Path.Combine(folder, "table.html"), LabelTablePage.Of(result));
            Console.Write(result.ToCsv());
            Console.WriteLine($"Record: {path}. Page: {Path.Combine(folder, "table.html")}");
            return 0;
        }));
        return command;
    }

    private static Command Episodes() => Study(
        "episodes",
        "CIFAR-FS test classes, 5-way 1-shot and 5-shot, 2,000 episodes: about half an hour on two CPU cores.",
        "cifar-fs-frozen",
        () => FrozenEpisodesStudy.RecordPath,
        (work, cancellation) =>
        {
            using var split = OpenCifarFs.Open(cancellation);
            using var pretrained = CourseBackbones.OpenAsync(cancellation: cancellation).GetAwaiter().GetResult();
            using var backbone = pretrained.Freeze();
            return new FrozenEpisodesStudy(split, backbone, pretrained.Preprocessing, work).Run(cancellation);
        });

    private static Command Augmentations()
    {
        var tuned = new Option<int[]>("--fine-tuning")
        {
            Description = "The network trained further, too, at these numbers of labels: \"--fine-tuning 5 50\" takes hours.",
            AllowMultipleArgumentsPerToken = true,
        };
        return Study(
            "augmentations",
            "CIFAR-10 at 5 and 50 labels of each class, each augmentation against none: half an hour on two CPU cores.",
            "cifar10-augmentations",
            () => AugmentationResult.RecordPath,
            (arguments, work, cancellation) =>
            {
                using var material = CourseMaterial.OpenAsync(cancellation: cancellation).GetAwaiter().GetResult();
                Console.WriteLine(material);
                using var twins = TwinMaterial.Open();
                var options = new AugmentationStudyOptions { TunedPerClass = arguments.GetValue(tuned) ?? [] };
                return new AugmentationStudy(material, work, options).Run(twins.ByChange, cancellation);
            },
            tuned);
    }

    private static Command Text() => Study(
        "text",
        "BANKING77: 77 intents from their names, from 1 to 10 questions each, with varied texts and with a tuned encoder.",
        "banking77",
        () => IntentStudyResult.RecordPath,
        (work, cancellation) =>
        {
            using var study = new IntentStudy(work);
            return study.Run(cancellation);
        });

    private static Command Names() => Study(
        "names",
        "CIFAR-FS test classes with their names as a prior, 0, 1 and 5 shots, 5 and 20 ways: about half an hour on two CPU cores.",
        "cifar-fs-names",
        () => NamesStudy.RecordPath,
        (work, cancellation) =>
        {
            using var split = OpenCifarFs.Open(cancellation);
            using var pretrained = CourseBackbones.OpenAsync(cancellation: cancellation).GetAwaiter().GetResult();
            using var backbone = pretrained.Freeze();
            using var encoder = SentenceEncoder.Packaged();
            return new NamesStudy(split, backbone, pretrained.Preprocessing, encoder, work).Run(cancellation);
        });

    private static Command Study(
        string name, string description, string record, Func<string> path, Func<string, CancellationToken, RunRecord> run) =>
        Study(name, description, record, path, (_, work, cancellation) => run(work, cancellation));

    /// <summary>A study that ends in a record, whose results are written out.</summary>
    private static Command Study(
        string name,
        string description,
        string record,
        Func<string> path,
        Func<ParseResult, string, CancellationToken, RunRecord> run,
        params Option[] more)
    {
        var output = new Option<string?>("--output")
        {
            Description = $"The record to write. Default: data/records/{record}.json in the repository.",
        };
        var work = new Option<string>("--work")
        {
            Description = "Where features and finished parts are kept.",
            DefaultValueFactory = _ => Path.Combine("artifacts", $"table-{name}"),
        };
        var command = new Command(name, description) { output, work };
        foreach (var option in more)
            command.Add(option);
        command.SetAction((arguments, cancellation) => Guard.RunLong(arguments, Stopped, cancellation, () =>
        {
            var found = run(arguments, arguments.GetRequiredValue(work), cancellation);
            var file = arguments.GetValue(output) ?? path();
            found.Write(file);
            foreach (var (key, value) in found.Results)
                Console.WriteLine(FormattableString.Invariant($"{key,-100} {value:0.####}"));
            Console.WriteLine($"{found.Protocol} Record: {file}");
            return 0;
        }));
        return command;
    }
}
