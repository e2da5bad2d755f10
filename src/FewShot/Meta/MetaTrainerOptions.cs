using FewShot.Runtime;

namespace FewShot.Meta;

/// <summary>How a meta-gradient changes the initial weights.</summary>
public enum OuterOptimizer
{
    /// <summary>Adam (Kingma and Ba 2015), the usual constants.</summary>
    Adam,

    /// <summary>Plain gradient descent: Reptile's, whose direction is no gradient.</summary>
    Sgd,
}

/// <summary>Settings of <see cref="MetaTrainer"/>.</summary>
public sealed record MetaTrainerOptions
{
    /// <summary>Reptile's outer loop: a plain step of 1 that falls in a straight line to 0 (Nichol et al. 2018, section 6).</summary>
    public static MetaTrainerOptions Reptile { get; } = new()
    {
        Optimizer = OuterOptimizer.Sgd,
        LearningRate = 1,
        Schedule = LearningRateSchedule.Linear,
        Iterations = 100_000,
    };

    /// <summary>Meta-batches in all.</summary>
    public long Iterations { get; init; } = 60_000;

    /// <summary>The outer learning rate at the start.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>How a step follows from a meta-gradient.</summary>
    public OuterOptimizer Optimizer { get; init; } = OuterOptimizer.Adam;

    /// <summary>How the outer learning rate changes.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>Iterations between two points of the history, and between two validations.</summary>
    public long ReportEvery { get; init; } = 500;

    /// <summary>Meta-batches of the validation source, always the same ones: its draws 0, 1, 2, ...</summary>
    public int ValidationBatches { get; init; } = 10;

    /// <summary>Iterations between two writings of the checkpoint.</summary>
    public long CheckpointEvery { get; init; } = 1000;
}
