using System.Globalization;

namespace FewShot.Evaluation;

/// <summary>The mean error over regression tasks with its interval over tasks.</summary>
public sealed record TaskError
{
    /// <summary>Summarises the errors of tasks.</summary>
    /// <param name="tasks">The error of each (a mean squared error, say); at least one, all finite.</param>
    /// <param name="seed">The seed that the tasks were drawn with.</param>
    /// <param name="confidence">Of the interval, between 0 and 1.</param>
    /// <exception cref="Runtime.FewShotException">There is no task, an error is not finite, or the confidence is out of range.</exception>
    public TaskError(IReadOnlyList<double> tasks, long seed, double confidence = 0.95)
    {
        Interval = Interval.OfMean(tasks, confidence);
        Tasks = tasks;
        Seed = seed;
    }

    /// <summary>The error of each task.</summary>
    public IReadOnlyList<double> Tasks { get; }

    /// <summary>The seed that the tasks were drawn with.</summary>
    public long Seed { get; }

    /// <summary>Student's t interval of the mean over tasks; infinite for a single one.</summary>
    public Interval Interval { get; }

    /// <summary>Number of tasks.</summary>
    public int Count => Tasks.Count;

    /// <summary>The mean error.</summary>
    public double Mean => Tasks.Average();

    /// <summary>"0.532 [0.488, 0.576] (600 tasks, seed 0)".</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Mean:0.000} [{Interval.Low:0.000}, {Interval.High:0.000}] ({Count:N0} {(Count == 1 ? "task" : "tasks")}, seed {Seed})");
}
