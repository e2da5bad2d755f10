using FewShot.Evaluation;
using FewShot.Models;
using FewShot.Runtime;

namespace FewShot.Meta;

/// <summary>How well tasks went after 0, 1, 2, ... inner steps.</summary>
public sealed record MetaResult
{
    /// <summary>
    /// The order of gradient that the learner trains with; null where it takes no gradient of a query loss, or no inner steps.
    /// </summary>
    public required GradientOrder? Order { get; init; }

    /// <summary>How the query examples were normalised.</summary>
    public required BatchNormMode BatchNorm { get; init; }

    /// <summary>Query loss by step, then by task: mean squared error or cross-entropy, the mean over a task's query examples.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Losses { get; init; }

    /// <summary>Accuracy by step, then by task, 0 to 1; empty for regression.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Accuracies { get; init; } = [];

    /// <summary>Inner steps K: there are K + 1 measurements.</summary>
    public int Steps => Losses.Count - 1;

    /// <summary>Number of tasks.</summary>
    public int TaskCount => Losses[0].Count;

    /// <summary>Mean loss over tasks after so many steps.</summary>
    public double Loss(int step) => Losses[step].Average();

    /// <summary>Mean accuracy over tasks after so many steps, 0 to 1.</summary>
    /// <exception cref="FewShotException">The tasks are of regression.</exception>
    public double Accuracy(int step) => Classified(step).Average();

    /// <summary>95 % interval of <see cref="Accuracy"/> over tasks (see <see cref="Interval.OfEpisodes"/>).</summary>
    /// <exception cref="FewShotException">The tasks are of regression.</exception>
    public Interval AccuracyInterval(int step) => Interval.OfEpisodes(Classified(step));

    /// <summary>Several results of the same learner, steps and mode as one.</summary>
    /// <exception cref="FewShotException">There is none, or they differ.</exception>
    public static MetaResult Concatenate(IReadOnlyList<MetaResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        if (results.Count == 0)
            throw new FewShotException("There is no result to put together.");
        var differ = results.Any(result =>
            result.Order != results[0].Order
            || result.BatchNorm != results[0].BatchNorm
            || result.Steps != results[0].Steps
            || result.Accuracies.Count != results[0].Accuracies.Count);
        if (differ)
            throw new FewShotException("Only results of one order, one BatchNorm mode and equally many steps can be put together.");
        return results[0] with
        {
            Losses = Join(results, result => result.Losses),
            Accuracies = Join(results, result => result.Accuracies),
        };
    }

    private IReadOnlyList<double> Classified(int step) =>
        Accuracies.Count > 0 ? Accuracies[step] : throw new FewShotException("Regression has no accuracy: read Loss.");

    private static IReadOnlyList<double>[] Join(
        IReadOnlyList<MetaResult> results, Func<MetaResult, IReadOnlyList<IReadOnlyList<double>>> values) =>
        [.. Enumerable.Range(0, values(results[0]).Count)
            .Select(step => (IReadOnlyList<double>)[.. results.SelectMany(result => values(result)[step])])];
}
