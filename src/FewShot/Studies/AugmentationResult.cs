using System.Globalization;
using FewShot.Evaluation;
using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>What <see cref="AugmentationStudy"/> found, read from its record.</summary>
public sealed class AugmentationResult
{
    /// <summary>The part that fits a head to a bank of varied views, judged on all test images.</summary>
    public const string Features = "features";

    /// <summary>The part that trains the network further.</summary>
    public const string FineTuned = "fine-tuned";

    /// <summary>The part whose classes are colours.</summary>
    public const string Tints = "tints";

    /// <summary>The row of <see cref="Features"/> that takes, in each draw, the recipe chosen inside the labels.</summary>
    public const string Chosen = "chosen inside the labels";

    /// <summary>Reads a record.</summary>
    /// <exception cref="FewShotException">It is a record of something else.</exception>
    public AugmentationResult(RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        Record = record;
        if (!record.Options.TryGetValue("perClass", out var counts) || !record.Options.TryGetValue("draws", out var draws)
            || !record.Results.ContainsKey(TestImages(Features)))
        {
            throw new FewShotException($"The record \"{record.Name}\" is no table of augmentations.");
        }

        DrawCount = draws.GetInt32();
        PerClass = [.. counts.EnumerateArray().Select(count => count.GetInt32())];
    }

    /// <summary>Where the command <c>table augmentations</c> writes its record, and where the course keeps it.</summary>
    /// <exception cref="FewShotException">The program does not run inside a copy of the course.</exception>
    public static string RecordPath => StudyRecords.PathOf("cifar10-augmentations");

    /// <summary>The record: data, weights, settings, machine.</summary>
    public RunRecord Record { get; }

    /// <summary>Labelled images of each class.</summary>
    public IReadOnlyList<int> PerClass { get; }

    /// <summary>Draws of the labels.</summary>
    public int DrawCount { get; }

    /// <summary>Whether a cell was measured.</summary>
    /// <param name="part"><see cref="Features"/>, <see cref="FineTuned"/> or <see cref="Tints"/>.</param>
    /// <param name="recipe">Name of an <see cref="AugmentationRecipe"/>, or <see cref="Chosen"/>.</param>
    /// <param name="perClass">Labelled images of each class.</param>
    public bool Holds(string part, string recipe, int perClass) => Record.Results.ContainsKey(Key(part, recipe, perClass, 0));

    /// <summary>The accuracies of a cell.</summary>
    /// <inheritdoc cref="Holds"/>
    /// <param name="part"/><param name="recipe"/><param name="perClass"/>
    /// <exception cref="FewShotException">The cell was not measured.</exception>
    public DrawSummary Accuracy(string part, string recipe, int perClass)
    {
        if (!Holds(part, recipe, perClass))
            throw new FewShotException($"The record \"{Record.Name}\" holds no {part}, {recipe}, at {perClass} labels of each class.");
        var images = (long)Record.Results[TestImages(part)];
        return new DrawSummary([.. Enumerable.Range(0, DrawCount).Select(draw =>
            new Accuracy((long)Math.Round(Record.Results[Key(part, recipe, perClass, draw)] * images), images))]);
    }

    /// <summary>A cell against images as they are, draw by draw.</summary>
    /// <inheritdoc cref="Accuracy"/>
    /// <param name="part"/><param name="recipe"/><param name="perClass"/>
    public PairedDraws Gain(string part, string recipe, int perClass) =>
        new(Accuracy(part, AugmentationRecipe.None.Name, perClass), Accuracy(part, recipe, perClass));

    /// <summary>What was chosen inside the labels, draw by draw.</summary>
    /// <param name="perClass">Labelled images of each class.</param>
    public IReadOnlyList<AugmentationRecipe> Choices(int perClass) => [.. Enumerable.Range(0, DrawCount).Select(draw =>
        AugmentationRecipe.OfOneImage[(int)Record.Results[ChoiceKey(perClass, draw)]])];

    /// <summary>What copies of the support drawings cost where two characters are told apart.</summary>
    /// <param name="change">How the copies are changed: "mirrored" or "turned".</param>
    /// <param name="pairs">Which characters: "twins" or "any two".</param>
    /// <returns>Mean accuracy without and with the copies, and the mean difference over alphabets with its interval.</returns>
    /// <exception cref="FewShotException">The record does not hold it.</exception>
    public (double Without, double With, double Difference, Interval Interval) Orientation(string change, string pairs)
    {
        var key = OrientationKey(change, pairs);
        return RecordedMean.Find(Record.Results, key) is { } found
            ? (Record.Results[key + ", without"], Record.Results[key + ", with"], found.Mean, found.Interval)
            : throw new FewShotException($"The record \"{Record.Name}\" holds no {key}.");
    }

    internal static string Key(string part, string recipe, int perClass, int draw) =>
        string.Create(CultureInfo.InvariantCulture, $"{part}, {recipe}, {perClass} of each class, {SubsetStudyResult.DrawName(draw)}");

    internal static string ChoiceKey(int perClass, int draw) =>
        string.Create(CultureInfo.InvariantCulture, $"choice, {perClass} of each class, {SubsetStudyResult.DrawName(draw)}");

    internal static string TestImages(string part) => $"{part}, test images";

    internal static string OrientationKey(string change, string pairs) => $"Omniglot, {pairs}, copies {change}";
}
