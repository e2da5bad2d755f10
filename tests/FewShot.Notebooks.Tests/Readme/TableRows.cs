using System.Globalization;
using FewShot.Course;
using FewShot.Runtime;
using FewShot.Studies;

namespace FewShot.Notebooks.Tests.Readme;

/// <summary>The tables of methods on a frozen backbone, made from the records of the command <c>table</c>.</summary>
internal sealed class TableRows(CourseFiles files)
{
    public const string LabelsRecord = "data/records/cifar10-labels.json";
    public const string EpisodesRecord = "data/records/cifar-fs-frozen.json";

    /// <summary>Accuracy on CIFAR-10 against the number of labels.</summary>
    public string Labels()
    {
        var result = new LabelTableResult(files.Record(LabelsRecord));
        var rows = result.Methods.Select(method => (IReadOnlyList<string>)
        [
            method,
            .. result.PerClass.Select(count => result.Accuracy(method, count))
                .Select(accuracy => PlusMinus(accuracy.Mean, accuracy.Interval.HalfWidth)),
        ]);
        string[] header = ["labels of each class", .. result.PerClass.Select(count => count.ToString(CultureInfo.InvariantCulture))];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{MarkdownTable.Of(header, rows)}\n\n"
            + $"*CIFAR-10, accuracy in %, {result.Record.Weights}, frozen, {result.Size} px; mean of {result.DrawCount} draws of the "
            + $"labels, all {result.ImageCount:N0} test images, 95 % interval over draws; settings chosen inside the labels "
            + $"([record]({LabelsRecord})).*");
    }

    /// <summary>Methods on episodes of classes that nothing was chosen on.</summary>
    public string Episodes()
    {
        var record = files.Record(EpisodesRecord);
        var shots = record.Options["shots"].EnumerateArray().Select(shot => shot.GetInt32()).ToList();
        var columns = FrozenEpisodesStudy.Queries.SelectMany(queries => shots.Select(shot => (queries, shot))).ToList();
        var rows = FrozenEpisodesStudy.Methods.Select(method => (IReadOnlyList<string>)
        [
            method.IsTransductive ? $"{method.Name} (transductive)" : method.Name,
            .. columns.Select(column => Cell(record, method.Name, column.shot, column.queries)),
        ]);
        string[] header =
        [
            "method",
            .. columns.Select(column => string.Create(CultureInfo.InvariantCulture, $"{column.shot}-shot, {column.queries}")),
        ];
        var (one, five) = (Published.EasyOneShot, Published.EasyFiveShot);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{MarkdownTable.Of(header, rows)}\n\n"
            + $"*CIFAR-FS test classes, 5-way, accuracy in %, {record.Options["testEpisodes"].GetInt32():N0} frozen episodes with a 95 % "
            + $"interval over them; {record.Weights}, frozen. It was trained elsewhere, on photos of classes that may be like these; size "
            + $"of the images and settings were chosen on the validation classes ([record]({EpisodesRecord})). Trained on the base classes "
            + $"alone, {one.Author} and others publish {100 * one.Value:0.0} and {100 * five.Value:0.0}.*");
    }

    private static string Cell(RunRecord record, string method, int shot, string queries)
    {
        var (mean, interval) = FrozenEpisodesStudy.Accuracy(record, method, shot, queries);
        return PlusMinus(mean, interval.HalfWidth);
    }

    private static string PlusMinus(double mean, double half) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * mean:0.0} ± {100 * half:0.0}");
}
