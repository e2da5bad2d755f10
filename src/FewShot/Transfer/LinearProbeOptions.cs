namespace FewShot.Transfer;

/// <summary>
/// Settings of <see cref="LinearProbe"/>; the defaults are the usual recipe of tutorials: Adam, batches of 32, 10 epochs.
/// </summary>
public sealed record LinearProbeOptions
{
    /// <summary>Passes over the training features, at least 1.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Features per step, at least 1.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Adam's learning rate.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>
    /// Where above 0, each feature is mixed with another of its batch, and its label likewise: features and labels keep a share that is
    /// drawn from Beta(this, this) (mixup, Zhang and others 2018; between sentence vectors Guo and others 2019). 0 mixes nothing.
    /// </summary>
    public double MixupAlpha { get; init; }

    /// <summary>Decides the first weights, the order of the features in each epoch and what is mixed.</summary>
    public long Seed { get; init; }
}
