using FewShot.Episodes;
using FewShot.Meta;
using TorchSharp;

namespace FewShot.Studies;

/// <summary>Waves, and what networks make of them, as curves to draw: one value for each of <see cref="X"/>.</summary>
public static class SinusoidCurves
{
    private const int Intervals = 100;

    /// <summary>Where curves are drawn: 101 places from -5 to 5.</summary>
    public static IReadOnlyList<double> X { get; } =
        [.. Enumerable.Range(0, Intervals + 1).Select(i => SinusoidTasks.Reach * ((2.0 * i / Intervals) - 1))];

    /// <summary>The wave itself.</summary>
    public static IReadOnlyList<double> Of(Sinusoid wave) => [.. X.Select(wave.At)];

    /// <summary>What a learner answers everywhere, after so many inner steps on the support points of a task.</summary>
    /// <param name="learner">Of one input and one output.</param>
    /// <param name="task">One task; only its support points are used.</param>
    /// <param name="steps">Inner steps, from 0.</param>
    /// <exception cref="Runtime.FewShotException">The task does not fit the learner, or there are several.</exception>
    public static IReadOnlyList<double> Of(MetaLearner learner, TaskBatch task, int steps)
    {
        ArgumentNullException.ThrowIfNull(learner);
        ArgumentNullException.ThrowIfNull(task);
        CheckSingle(task);
        using var scope = torch.NewDisposeScope();
        var places = torch.tensor(X.ToArray(), [1, X.Count, 1]).to(task.SupportInputs.dtype).to(task.SupportInputs.device);
        using var asked = new TaskBatch(task.SupportInputs.clone(), task.SupportTargets.clone(), places, torch.zeros_like(places));
        return Numbers(learner.Predict(asked, steps));
    }

    /// <summary>The support points of a task, as x and y.</summary>
    /// <exception cref="Runtime.FewShotException">There are several tasks.</exception>
    public static (IReadOnlyList<double> X, IReadOnlyList<double> Y) Support(TaskBatch task)
    {
        ArgumentNullException.ThrowIfNull(task);
        CheckSingle(task);
        using var scope = torch.NewDisposeScope();
        return (Numbers(task.SupportInputs), Numbers(task.SupportTargets));
    }

    private static void CheckSingle(TaskBatch task)
    {
        if (task.Count != 1)
            throw new Runtime.FewShotException($"A curve is of one task; found {task.Count}.");
    }

    private static double[] Numbers(torch.Tensor values) => values.to(torch.float64).cpu().data<double>().ToArray();
}
