namespace FewShot.Studies;

/// <summary>How the sinusoid study trains and measures; the defaults are the protocol of Finn et al. 2017, section 5.1.</summary>
public sealed record SinusoidStudyOptions
{
    /// <summary>Support points of a task (and query points in training): 5, 10 or 20.</summary>
    public int Shot { get; init; } = 10;

    /// <summary>Meta-batches of the training, one outer step each.</summary>
    public long Iterations { get; init; } = 70_000;

    /// <summary>Tasks in a meta-batch.</summary>
    public int MetaBatch { get; init; } = 25;

    /// <summary>
    /// Tasks of the test; the training never sees them. So many, because a few in ten thousand diverge. A test of fewer tasks takes the
    /// first of them.
    /// </summary>
    public int TestTasks { get; init; } = 20_000;

    /// <summary>
    /// Query points of a task in validation and test. More than in training, so that the error of a task is known better: the choice is
    /// ours.
    /// </summary>
    public int TestQueries { get; init; } = 100;

    /// <summary>Decides weights and tasks.</summary>
    public long Seed { get; init; }
}
