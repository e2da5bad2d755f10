namespace FewShot.Heads;

/// <summary>Settings of <see cref="RidgeHead"/>.</summary>
public sealed record RidgeHeadOptions
{
    /// <summary>What is done to the features first.</summary>
    public FeatureScaling Scaling { get; init; } = FeatureScaling.CentreAndScale;

    /// <summary>Whether the square root of each feature, its sign kept, is taken before that.</summary>
    public bool SquareRoot { get; init; }

    /// <summary>
    /// Strengths of the penalty to choose from, each above 0, where the loss is mean squared error + strength x squared weights (the bias
    /// is free). A single one is used as it is.
    /// </summary>
    public IReadOnlyList<double> Strengths { get; init; } =
        [1000, 300, 100, 30, 10, 3, 1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001];
}
