using System.Globalization;

namespace FewShot.Evaluation;

/// <summary>How prediction sets did on answers whose truth is known.</summary>
/// <param name="Coverage">Sets that hold the true class.</param>
/// <param name="MeanSize">Classes in a set, on average.</param>
/// <param name="Single">Sets of one class: plain answers.</param>
/// <param name="Empty">Sets of no class.</param>
public sealed record SetSummary(Accuracy Coverage, double MeanSize, Accuracy Single, Accuracy Empty)
{
    /// <summary>"90.3 % [89.7, 90.9] (9,000 images) hold the truth; 1.7 classes on average, 52.1 % one class, 0.3 % none".</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Coverage} hold the truth; {MeanSize:0.00} classes on average, {100 * Single.Value:0.0} % one class, "
        + $"{100 * Empty.Value:0.0} % none");
}
