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

    /// <summary>Decides the first weights and the order of the features in each epoch.</summary>
    public long Seed { get; init; }
}
