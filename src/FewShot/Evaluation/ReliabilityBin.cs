namespace FewShot.Evaluation;

/// <summary>Answers that were given with nearly the same confidence.</summary>
/// <param name="Low">From this confidence on.</param>
/// <param name="High">Up to this one.</param>
/// <param name="Confidence">Their mean confidence, 0 to 1.</param>
/// <param name="Accuracy">How many of them were right.</param>
public sealed record ReliabilityBin(double Low, double High, double Confidence, Accuracy Accuracy)
{
    /// <summary>Mean confidence minus share of right answers: above 0 where the classifier is surer than it should be.</summary>
    public double Gap => Confidence - Accuracy.Value;
}
