using System.Globalization;
using FewShot.Data;
using FewShot.Evaluation;
using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>A record of <see cref="SubsetStudy"/>, read.</summary>
public sealed class SubsetStudyResult
{
    internal const string TestImages = "test images";
    internal const string ValidationImages = "validation images";

    /// <summary>Reads the figures of a record.</summary>
    /// <param name="record">What <see cref="SubsetStudy.Run"/> returned.</param>
    /// <exception cref="FewShotException">It holds no recipe, or a figure is missing.</exception>
    public SubsetStudyResult(RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        Record = record;
        var testImages = (long)Value(TestImages);
        Recipes = [.. SubsetStudy.Recipes.Where(recipe => record.Results.ContainsKey(ChoiceKey(recipe)))];
        var draws = Enumerable.Range(0, int.MaxValue).TakeWhile(draw => record.Results.Keys.Any(key => key.EndsWith(DrawKey(string.Empty, draw), StringComparison.Ordinal))).Count();
        if (Recipes.Count == 0 || draws == 0)
            throw new FewShotException($"The record \"{record.Name}\" holds no recipe of this study.");
        Accuracies = Recipes.ToDictionary(
            recipe => recipe,
            recipe => new DrawSummary([.. Enumerable.Range(0, draws).Select(draw => new Accuracy((long)Math.Round(Value(DrawKey(recipe, draw)) * testImages), testImages))]));
        Chosen = Recipes.MaxBy(recipe => OnValidation(recipe).Value)!;
    }

    /// <summary>Where the study writes its record, and where the course keeps it.</summary>
    /// <exception cref="FewShotException">The program does not run inside a copy of the course.</exception>
    public static string RecordPath => Path.Combine(DataFolder.Locate(null, Environment.CurrentDirectory, AppContext.BaseDirectory), "records", "cifar10-50.json");

    /// <summary>The record: data, weights, settings, machine.</summary>
    public RunRecord Record { get; }

    /// <summary>Training images that the recipe was chosen on; no draw holds any of them.</summary>
    public long ValidationCount => (long)Value(ValidationImages);

    /// <summary>The recipes that were measured, from the cheapest to the dearest.</summary>
    public IReadOnlyList<string> Recipes { get; }

    /// <summary>Each recipe's accuracy over the draws.</summary>
    public IReadOnlyDictionary<string, DrawSummary> Accuracies { get; }

    /// <summary>The recipe that did best on the validation images: the one to be reported.</summary>
    public string Chosen { get; }

    /// <summary>The measurement that the course keeps.</summary>
    /// <exception cref="FewShotException">It is missing or damaged.</exception>
    public static SubsetStudyResult OfTheCourse() => new(RunRecord.Read(RecordPath));

    /// <summary>A recipe's accuracy on the validation images.</summary>
    public Accuracy OnValidation(string recipe) => new((long)Math.Round(Value(ChoiceKey(recipe)) * ValidationCount), ValidationCount);

    internal static string ChoiceKey(string recipe) => $"{recipe} | choice";

    internal static string DrawKey(string recipe, int draw) => $"{recipe} | {DrawName(draw)}";

    internal static string DrawName(int draw) => string.Create(CultureInfo.InvariantCulture, $"draw {draw}");

    private double Value(string key) => Record.Results.TryGetValue(key, out var value)
        ? value
        : throw new FewShotException($"The record \"{Record.Name}\" has no result \"{key}\".");
}
