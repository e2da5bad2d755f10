using FewShot.Runtime;

namespace FewShot.Transfer;

/// <summary>Settings of <see cref="SentenceTuner"/>.</summary>
public sealed record SentenceTunerOptions
{
    /// <summary>Steps in all, at least 1.</summary>
    public int Steps { get; init; } = 40;

    /// <summary>Classes of a batch, at least 2; where there are fewer, all of them.</summary>
    public int ClassesPerBatch { get; init; } = 48;

    /// <summary>Texts of each of these classes, at least 2: two of one class are a pair that belongs together.</summary>
    public int TextsPerClass { get; init; } = 2;

    /// <summary>Cosines are divided by it before the softmax; 0.05 as in SimCSE (Gao and others 2021).</summary>
    public double Temperature { get; init; } = 0.05;

    /// <summary>Learning rate of the first step; it falls in a straight line to 0.</summary>
    public double LearningRate { get; init; } = 5e-5;

    /// <summary>Decoupled weight decay of AdamW.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Decides the batches.</summary>
    public long Seed { get; init; }

    internal void Check()
    {
        if (Steps < 1 || ClassesPerBatch < 2 || TextsPerClass < 2 || !(Temperature > 0) || !(LearningRate > 0) || !(WeightDecay >= 0))
        {
            throw new FewShotException(
                "Tuning a sentence encoder needs at least 1 step, 2 classes and 2 texts of each in a batch, a temperature and a learning "
                + $"rate above 0 and a weight decay of at least 0; found {Steps} steps, {ClassesPerBatch} classes, {TextsPerClass} texts, "
                + $"temperature {Temperature}, learning rate {LearningRate}, weight decay {WeightDecay}.");
        }
    }
}
