using System.Globalization;
using FewShot.Evaluation;
using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>A record of <see cref="SubsetStudy"/>, read.</summary>
public sealed class SubsetStudyResult
{
    private readonly RunRecord record;

    /// <summary>Reads the figures of a record.</summary>
    /// <param name="record">What <see cref="SubsetStudy.Run"/> returned.</param>
    /// <param name="testImages">Images each draw was judged on.</param>
    /// <exception cref="FewShotException">It holds no recipe, or a draw of one is missing.</exception>
    public SubsetStudyResult(RunRecord record, long testImages)
    {
        ArgumentNullException.ThrowIfNull(record);
        this.record = record;
        Recipes = [.. SubsetStudy.Recipes.Where(recipe => record.Results.ContainsKey(ChoiceKey(recipe)))];
        var draws = Enumerable.Range(0, int.MaxValue).TakeWhile(draw => record.Results.Keys.Any(key => key.EndsWith(DrawKey(string.Empty, draw), StringComparison.Ordinal))).Count();
        if (Recipes.Count == 0 || draws == 0)
            throw new FewShotException($"The record \"{record.Name}\" holds no recipe of this study.");
        Accuracies = Recipes.ToDictionary(
            recipe => recipe,
            recipe => new DrawSummary([.. Enumerable.Range(0, draws).Select(draw => new Accuracy((long)Math.Round(Value(DrawKey(recipe, draw)) * testImages), testImages))]));
        Chosen = Recipes.MaxBy(OnValidation)!;
    }

    /// <summary>The recipes that were measured, from the cheapest to the dearest.</summary>
    public IReadOnlyList<string> Recipes { get; }

    /// <summary>Each recipe's accuracy over the draws.</summary>
    public IReadOnlyDictionary<string, DrawSummary> Accuracies { get; }

    /// <summary>The recipe that did best on the validation images: the one to be reported.</summary>
    public string Chosen { get; }

    /// <summary>A recipe's accuracy on the validation images, 0 to 1.</summary>
    public double OnValidation(string recipe) => Value(ChoiceKey(recipe));

    internal static string ChoiceKey(string recipe) => $"{recipe} | choice";

    internal static string DrawKey(string recipe, int draw) => $"{recipe} | {DrawName(draw)}";

    internal static string DrawName(int draw) => string.Create(CultureInfo.InvariantCulture, $"draw {draw}");

    private double Value(string key) => record.Results.TryGetValue(key, out var value)
        ? value
        : throw new FewShotException($"The record \"{record.Name}\" has no result \"{key}\".");
}
