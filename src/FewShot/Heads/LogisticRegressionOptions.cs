namespace FewShot.Heads;

/// <summary>Settings of <see cref="LogisticRegression"/>.</summary>
public sealed record LogisticRegressionOptions
{
    /// <summary>What is done to the features first.</summary>
    public FeatureScaling Scaling { get; init; } = FeatureScaling.CentreAndScale;

    /// <summary>
    /// Whether the square root of each feature, its sign kept, is taken before that: features that are rarely, but then very large weigh
    /// less (Perronnin et al. 2010, "Improving the Fisher Kernel for Large-Scale Image Classification", section 3.2).
    /// </summary>
    public bool SquareRoot { get; init; }

    /// <summary>
    /// Strengths of the L2 penalty to choose from, each above 0, where the loss is mean cross-entropy + strength / 2 x the squared
    /// weights (the bias is free). A single one is used as it is.
    /// </summary>
    public IReadOnlyList<double> Strengths { get; init; } = [30, 10, 3, 1, 0.3, 0.1, 0.03, 0.01, 0.003];

    /// <summary>Folds of the cross-validation, at least 2; no more than the rarest class has images are used.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>The largest component of the gradient at which the minimum counts as reached.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>Steps after which the minimisation gives up with an error.</summary>
    public int MaximumIterations { get; init; } = 5000;
}
