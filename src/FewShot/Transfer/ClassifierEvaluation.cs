using System.Globalization;
using System.Text;
using FewShot.Evaluation;

namespace FewShot.Transfer;

/// <summary>How good a <see cref="FewShotClassifier"/> is on examples whose classes are known to whoever asks.</summary>
/// <param name="Predictions">Examples of its classes, each with its answer, refused or not; null where there was none.</param>
/// <param name="Accepted">Of those, how many were not refused.</param>
/// <param name="RefusedUnknown">Of examples of other classes, how many were refused; null where there was none.</param>
/// <param name="UnknownClasses">Classes among them that it does not know.</param>
/// <param name="SeenInTraining">
/// Examples that it was trained on: what it says of those does not tell what it would say of others. Null where it no longer knows them.
/// </param>
/// <param name="Settings">Those of the classifier.</param>
public sealed record ClassifierEvaluation(
    Predictions? Predictions,
    Accuracy? Accepted,
    Accuracy? RefusedUnknown,
    IReadOnlyList<string> UnknownClasses,
    int? SeenInTraining,
    ClassifierSettings Settings)
{
    private const int PairsShown = 5;

    /// <summary>The share classified rightly, refused or not, with its interval; null where none is of its classes.</summary>
    public Accuracy? Accuracy => Predictions?.Accuracy;

    /// <summary>Accuracy, refusals and the classes most often confused, line by line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        void Line(string line) => text.Append(text.Length == 0 ? string.Empty : "\n").Append(line);
        if (SeenInTraining > 0)
        {
            Line(string.Create(
                CultureInfo.InvariantCulture,
                $"WARNING: {SeenInTraining:N0} of these {Settings.Example}s are among those it was trained on, "
                + $"so the figures below flatter it."));
        }

        if (Predictions is { } predictions)
        {
            Line($"right:    {predictions.Accuracy}");
            Line($"accepted: {Accepted} of its own classes");
            foreach (var (actual, predicted, images) in new ConfusionMatrix(predictions).MostConfused(PairsShown))
                Line(string.Create(CultureInfo.InvariantCulture, $"confused: {actual} taken for {predicted}, {images:N0} times"));
        }

        if (RefusedUnknown is not null)
            Line($"refused:  {RefusedUnknown} of classes that it does not know ({string.Join(", ", UnknownClasses)})");
        return text.ToString();
    }
}
