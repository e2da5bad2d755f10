using System.Globalization;
using System.Text;
using FewShot.Evaluation;
using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>What <see cref="LabelTableStudy"/> found, read from its record.</summary>
public sealed class LabelTableResult
{
    internal const string TestImages = "test images";

    /// <summary>Reads a record.</summary>
    /// <param name="record">One of this study.</param>
    /// <exception cref="FewShotException">It is a record of something else.</exception>
    public LabelTableResult(RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        Record = record;
        if (!record.Results.TryGetValue(TestImages, out var images) || !record.Options.TryGetValue("perClass", out var counts)
            || !record.Options.TryGetValue("draws", out var draws) || !record.Options.TryGetValue("size", out var size))
        {
            throw new FewShotException($"The record \"{record.Name}\" is no table of accuracy against labels.");
        }

        ImageCount = (long)images;
        DrawCount = draws.GetInt32();
        Size = size.GetInt32();
        PerClass = [.. counts.EnumerateArray().Select(count => count.GetInt32())];
        Methods = [.. LabelTableMethod.Heads.Select(method => method.Name).Append(LabelTableMethod.FineTuned)
            .Where(method => record.Results.ContainsKey(Key(method, PerClass[0], 0)))];
    }

    /// <summary>Where the command <c>table labels</c> writes its record, and where the course keeps it.</summary>
    /// <exception cref="FewShotException">The program does not run inside a copy of the course.</exception>
    public static string RecordPath => StudyRecords.PathOf("cifar10-labels");

    /// <summary>The record: data, weights, settings, machine.</summary>
    public RunRecord Record { get; }

    /// <summary>The rows.</summary>
    public IReadOnlyList<string> Methods { get; }

    /// <summary>The columns: labelled images of each class.</summary>
    public IReadOnlyList<int> PerClass { get; }

    /// <summary>Draws of the labels.</summary>
    public int DrawCount { get; }

    /// <summary>Test images of each draw.</summary>
    public long ImageCount { get; }

    /// <summary>Size of the images in pixels.</summary>
    public int Size { get; }

    /// <summary>One cell.</summary>
    /// <param name="method">One of <see cref="Methods"/>.</param>
    /// <param name="perClass">One of <see cref="PerClass"/>.</param>
    public DrawSummary Accuracy(string method, int perClass) => new(
        [.. Enumerable.Range(0, DrawCount).Select(draw =>
            new Accuracy((long)Math.Round(Record.Results[Key(method, perClass, draw)] * ImageCount), ImageCount))]);

    /// <summary>Seconds to fit a head and score all test images, on average over draws.</summary>
    /// <inheritdoc cref="Accuracy"/>
    /// <param name="method"/><param name="perClass"/>
    public double Seconds(string method, int perClass) => Record.Results[SecondsKey(method, perClass)];

    /// <summary>A line for each cell: accuracies in percent with the interval over draws, and over draws and test images.</summary>
    public string ToCsv()
    {
        var backbone = $"\"{Record.Weights?.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        var text = new StringBuilder(
            "backbone,px,method,labels of each class,draws,test images,accuracy,low,high,low with test images,high with test images,"
            + "seconds\n");
        foreach (var method in Methods)
        {
            foreach (var perClass in PerClass)
            {
                var cell = Accuracy(method, perClass);
                var (draws, both) = (cell.Interval, cell.IntervalWithTestImages);
                _ = text.Append(
                    CultureInfo.InvariantCulture,
                    $"{backbone},{Size},{method},{perClass},{DrawCount},{ImageCount},{100 * cell.Mean:0.00},"
                    + $"{100 * draws.Low:0.00},{100 * draws.High:0.00},{100 * both.Low:0.00},{100 * both.High:0.00},"
                    + $"{Seconds(method, perClass):0.000}\n");
            }
        }

        return text.ToString();
    }

    internal static string Key(string method, int perClass, int draw) => $"{Cell(method, perClass)}, {SubsetStudyResult.DrawName(draw)}";

    internal static string SecondsKey(string method, int perClass) => $"{Cell(method, perClass)}, seconds";

    private static string Cell(string method, int perClass) =>
        string.Create(CultureInfo.InvariantCulture, $"{method}, {perClass} of each class");
}
