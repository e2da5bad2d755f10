using System.Globalization;
using FewShot.Evaluation;
using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>A record of <see cref="SubsetStudy"/>, read.</summary>
public sealed class SubsetStudyResult
{
    internal const string TestImages = "test images";

    /// <summary>Reads the figures of a record.</summary>
    /// <param name="record">What <see cref="SubsetStudy.Run"/> returned.</param>
    /// <exception cref="FewShotException">The record holds no recipe, or a figure is missing.</exception>
    public SubsetStudyResult(RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        Record = record;
        Recipes = [.. SubsetRecipe.All.Where(recipe => record.Results.ContainsKey(HeldOutKey(recipe, 0)))];
        DrawCount = Enumerable.Range(0, int.MaxValue).TakeWhile(draw => record.Results.ContainsKey(DuplicatesKey(draw))).Count();
        if (Recipes.Count == 0 || DrawCount == 0)
            throw new FewShotException($"The record \"{record.Name}\" holds no recipe of this study.");
        Chosen = [.. Enumerable.Range(0, DrawCount).Select(draw => Recipes.MinBy(recipe => Value(HeldOutLossKey(recipe, draw)))!)];
    }

    /// <summary>Where the study writes its record, and where the course keeps it.</summary>
    /// <exception cref="FewShotException">The program does not run inside a copy of the course.</exception>
    public static string RecordPath => StudyRecords.PathOf("cifar10-50");

    /// <summary>The record: data, weights, settings, machine.</summary>
    public RunRecord Record { get; }

    /// <summary>Number of draws.</summary>
    public int DrawCount { get; }

    /// <summary>Labelled images of a draw.</summary>
    public long LabelledCount => Record.Options["perClass"].GetInt64() * 10;

    /// <summary>The recipes that were compared, from the cheapest to the dearest.</summary>
    public IReadOnlyList<string> Recipes { get; }

    /// <summary>Each draw's choice: the recipe with the lowest held-out loss inside its labelled images.</summary>
    public IReadOnlyList<string> Chosen { get; }

    /// <summary>The test accuracy of what each draw chose: the figure to be reported.</summary>
    public DrawSummary OfChosen => Summary(draw => Value(TestKey(Chosen[draw], draw)), draw => (long)Value(TestImages));

    /// <summary>The same without the test images that nearly repeat a labelled one; their number differs from draw to draw.</summary>
    public IReadOnlyList<Accuracy> OfChosenWithoutDuplicates => [.. Enumerable.Range(0, DrawCount).Select(draw =>
        Counted(Value(DistinctKey(Chosen[draw], draw)), (long)(Value(TestImages) - Value(DuplicatesKey(draw)))))];

    /// <summary>The measurement that the course keeps.</summary>
    /// <exception cref="FewShotException">The record is missing or damaged.</exception>
    public static SubsetStudyResult OfTheCourse() => new(RunRecord.Read(RecordPath));

    /// <summary>A recipe's accuracy on the held-out labelled images, over the draws.</summary>
    public DrawSummary HeldOut(string recipe) => Summary(draw => Value(HeldOutKey(recipe, draw)), _ => LabelledCount);

    /// <summary>A recipe's mean cross-entropy on the held-out labelled images, over the draws.</summary>
    public double HeldOutLoss(string recipe) => Enumerable.Range(0, DrawCount).Average(draw => Value(HeldOutLossKey(recipe, draw)));

    /// <summary>A recipe's test accuracy over the draws; null where it was compared inside the labelled images only.</summary>
    public DrawSummary? OnTest(string recipe) => Record.Results.ContainsKey(TestKey(recipe, 0))
        ? Summary(draw => Value(TestKey(recipe, draw)), _ => (long)Value(TestImages))
        : null;

    internal static string HeldOutKey(string recipe, int draw) => $"{recipe} | {DrawName(draw)} | held out";

    internal static string HeldOutLossKey(string recipe, int draw) => $"{recipe} | {DrawName(draw)} | held-out loss";

    internal static string TestKey(string recipe, int draw) => $"{recipe} | {DrawName(draw)} | test";

    internal static string DistinctKey(string recipe, int draw) => $"{recipe} | {DrawName(draw)} | test without near-duplicates";

    internal static string DuplicatesKey(int draw) => $"near-duplicates | {DrawName(draw)}";

    internal static string DrawName(int draw) => string.Create(CultureInfo.InvariantCulture, $"draw {draw}");

    private static Accuracy Counted(double share, long count) => new((long)Math.Round(share * count), count);

    private DrawSummary Summary(Func<int, double> share, Func<int, long> count) =>
        new([.. Enumerable.Range(0, DrawCount).Select(draw => Counted(share(draw), count(draw)))]);

    private double Value(string key) => Record.Results.TryGetValue(key, out var value)
        ? value
        : throw new FewShotException($"The record \"{Record.Name}\" has no result \"{key}\".");
}
