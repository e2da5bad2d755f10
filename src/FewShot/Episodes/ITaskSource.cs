namespace FewShot.Episodes;

/// <summary>
/// Where a training gets its tasks. A draw is a function of the seed and the iteration alone, so that a resumed training meets the tasks
/// it would have met, and its position is one number.
/// </summary>
public interface ITaskSource
{
    /// <summary>What the tasks are, with data digest, way, shot and seed: a checkpoint made with other tasks is refused.</summary>
    string Identity { get; }

    /// <summary>The meta-batch of one iteration.</summary>
    /// <param name="iteration">From 0 on.</param>
    /// <returns>On the device that computes; the caller disposes it.</returns>
    TaskBatch Draw(long iteration);
}
