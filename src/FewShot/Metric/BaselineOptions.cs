using FewShot.Runtime;

namespace FewShot.Metric;

/// <summary>
/// How <see cref="Baseline"/> and <see cref="BaselinePlusPlus"/> fit the classifier of a new task: plain gradient descent with momentum
/// on all support images, as the authors' code does in batches of 4 (Chen et al. 2019, section 4.1: 100 iterations).
/// </summary>
public sealed record BaselineOptions
{
    /// <summary>Steps, at least 1.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>Learning rate.</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>Momentum; a gradient enters it with the rest to 1.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Share of a weight that is added to its gradient.</summary>
    public double WeightDecay { get; init; } = 0.001;

    /// <summary>Decides the first values of the classifiers, which are the same for every task.</summary>
    public long Seed { get; init; }

    /// <summary>Refuses a value that is out of range.</summary>
    /// <exception cref="FewShotException">The message names the settings and what was found.</exception>
    internal void Check()
    {
        if (Steps < 1 || !(LearningRate > 0) || !(Momentum is >= 0 and < 1) || !(WeightDecay >= 0) || !double.IsFinite(LearningRate))
        {
            throw new FewShotException(
                $"Steps must be at least 1, LearningRate above 0, Momentum from 0 to below 1, WeightDecay at least 0; found {this}.");
        }
    }
}
