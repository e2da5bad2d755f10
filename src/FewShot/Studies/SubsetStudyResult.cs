using FewShot.Evaluation;
using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>A record of <see cref="SubsetStudy"/>, read.</summary>
public sealed class SubsetStudyResult
{
    private const string Separator = " | ";
    private readonly RunRecord record;
    private readonly int draws;

    /// <summary>Reads the figures of a record.</summary>
    /// <param name="record">What <see cref="SubsetStudy.Run"/> returned.</param>
    /// <param name="testImages">Images each draw was judged on.</param>
    /// <exception cref="FewShotException">A recipe or a draw is missing.</exception>
    public SubsetStudyResult(RunRecord record, long testImages)
    {
        ArgumentNullException.ThrowIfNull(record);
        this.record = record;
        draws = record.Options.TryGetValue("draws", out var count) || record.Options.TryGetValue("Draws", out count)
            ? count.GetInt32()
            : throw new FewShotException($"The record \"{record.Name}\" does not say how many draws it holds.");
        Accuracies = SubsetStudy.Recipes.ToDictionary(
            recipe => recipe,
            recipe => new DrawSummary([.. Enumerable.Range(0, draws).Select(draw => new Accuracy((long)Math.Round(Value(recipe, $"draw {draw}") * testImages), testImages))]));
        Chosen = SubsetStudy.Recipes.MaxBy(recipe => Value(recipe, "choice"))!;
    }

    /// <summary>Each recipe's accuracy over the draws.</summary>
    public IReadOnlyDictionary<string, DrawSummary> Accuracies { get; }

    /// <summary>The recipe that did best on the validation images: the one to be reported.</summary>
    public string Chosen { get; }

    /// <summary>A recipe's accuracy on the validation images, 0 to 1.</summary>
    public double OnValidation(string recipe) => Value(recipe, "choice");

    internal static string Key(string recipe, string part) => recipe + Separator + part;

    private double Value(string recipe, string part) => record.Results.TryGetValue(Key(recipe, part), out var value)
        ? value
        : throw new FewShotException($"The record \"{record.Name}\" has no result \"{Key(recipe, part)}\".");
}
