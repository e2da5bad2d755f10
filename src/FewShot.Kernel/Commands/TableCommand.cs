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
        new("table", "Compares methods on a frozen backbone. Stopped and started again, it goes on.") { Labels(), Episodes(), Names() };

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

    private static Command Episodes()
    {
        var output = new Option<string?>("--output")
        {
            Description = "The record to write. Default: data/records/cifar-fs-frozen.json in the repository.",
        };
        var work = new Option<string>("--work")
        {
            Description = "Where features and finished rows are kept.",
            DefaultValueFactory = _ => Path.Combine("artifacts", "table-episodes"),
        };
        var command = new Command(
            "episodes", "CIFAR-FS test classes, 5-way 1-shot and 5-shot, 2,000 episodes: about half an hour on two CPU cores.")
        {
            output, work,
        };
        command.SetAction((arguments, cancellation) => Guard.RunLong(arguments, Stopped, cancellation, () =>
        {
            using var split = OpenCifarFs.Open(cancellation);
            using var pretrained = CourseBackbones.OpenAsync(cancellation: cancellation).GetAwaiter().GetResult();
            using var backbone = pretrained.Freeze();
            var study = new FrozenEpisodesStudy(split, backbone, pretrained.Preprocessing, arguments.GetRequiredValue(work));
            var record = study.Run(cancellation);
            var path = arguments.GetValue(output) ?? FrozenEpisodesStudy.RecordPath;
            record.Write(path);
            foreach (var (name, value) in record.Results)
                Console.WriteLine(FormattableString.Invariant($"{name,-70} {value:0.####}"));
            Console.WriteLine($"{record.Protocol} Record: {path}");
            return 0;
        }));
        return command;
    }

    private static Command Names()
    {
        var output = new Option<string?>("--output")
        {
            Description = "The record to write. Default: data/records/cifar-fs-names.json in the repository.",
        };
        var work = new Option<string>("--work")
        {
            Description = "Where features are kept.",
            DefaultValueFactory = _ => Path.Combine("artifacts", "table-names"),
        };
        var command = new Command(
            "names",
            "CIFAR-FS test classes with their names as a prior, 0, 1 and 5 shots, 5 and 20 ways: about half an hour on two CPU cores.")
        {
            output, work,
        };
        command.SetAction((arguments, cancellation) => Guard.RunLong(arguments, Stopped, cancellation, () =>
        {
            using var split = OpenCifarFs.Open(cancellation);
            using var pretrained = CourseBackbones.OpenAsync(cancellation: cancellation).GetAwaiter().GetResult();
            using var backbone = pretrained.Freeze();
            using var encoder = SentenceEncoder.Packaged();
            var study = new NamesStudy(split, backbone, pretrained.Preprocessing, encoder, arguments.GetRequiredValue(work));
            var record = study.Run(cancellation);
            var path = arguments.GetValue(output) ?? NamesStudy.RecordPath;
            record.Write(path);
            foreach (var (name, value) in record.Results)
                Console.WriteLine(FormattableString.Invariant($"{name,-100} {value:0.####}"));
            Console.WriteLine($"{record.Protocol} Record: {path}");
            return 0;
        }));
        return command;
    }
}
