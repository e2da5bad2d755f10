using FewShot.Kernel.Cells;
using FewShot.Runtime;

namespace FewShot.Kernel.Run;

/// <summary>
/// Told how a run goes on; reports of long work inside cells come through <see cref="IProgress{T}.Report"/>, from any thread.
/// </summary>
public interface INotebookObserver : IProgress<StepProgress>
{
    /// <summary>A notebook begins.</summary>
    /// <param name="name">Its file name without the ending.</param>
    /// <param name="cells">How many code cells it has.</param>
    void NotebookStarted(string name, int cells);

    /// <summary>A code cell begins.</summary>
    /// <param name="number">Its number, from 1.</param>
    void CellStarted(int number);

    /// <summary>A code cell has ended.</summary>
    void CellFinished(int number, CellResult result);

    /// <summary>A notebook has ended, or could not be read.</summary>
    /// <param name="name">Its file name without the ending.</param>
    /// <param name="elapsed">The time it took.</param>
    /// <param name="failure">What stopped it; null where it ran to its end.</param>
    void NotebookFinished(string name, TimeSpan elapsed, string? failure);
}
