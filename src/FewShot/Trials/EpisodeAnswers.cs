using FewShot.Episodes;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Trials;

/// <summary>Asks a method, without telling it the answers.</summary>
internal static class EpisodeAnswers
{
    /// <summary>The scores of a method for the queries of these episodes.</summary>
    /// <param name="method">It is shown the queries with label 0 each.</param>
    /// <param name="episodes">At least one.</param>
    /// <returns>float32, E x Q x way, on the CPU.</returns>
    /// <exception cref="FewShotException">The method gives other than that, or a score is not finite.</exception>
    public static torch.Tensor Of(IFewShotMethod method, IReadOnlyList<Episode> episodes) =>
        Finite(method.Name, Ask(method.Name, method.Scores, episodes));

    /// <summary>The same, where a score may be no number: a method may not be able to answer a single query.</summary>
    /// <inheritdoc cref="Of"/>
    public static torch.Tensor OfAny(IFewShotMethod method, IReadOnlyList<Episode> episodes) => Ask(method.Name, method.Scores, episodes);

    /// <summary>The same before any adaptation.</summary>
    /// <inheritdoc cref="Of"/>
    public static torch.Tensor BeforeAdaptation(IAdaptingMethod method, IReadOnlyList<Episode> episodes) =>
        Finite(method.Name, Ask(method.Name, method.ScoresBeforeAdaptation, episodes));

    /// <summary>Share of right answers of each episode; of several classes with the highest score the first is taken.</summary>
    /// <param name="scores">E x Q x way.</param>
    /// <param name="episodes">With the true labels of the queries.</param>
    public static double[] Accuracies(torch.Tensor scores, IReadOnlyList<Episode> episodes)
    {
        using var scope = torch.NewDisposeScope();
        var truth = torch.tensor(
            episodes.SelectMany(episode => episode.Query).Select(image => (long)image.Label).ToArray(), [scores.shape[0], scores.shape[1]]);
        return scores.argmax(2).eq(truth).to(torch.float64).mean([1]).data<double>().ToArray();
    }

    private static torch.Tensor Finite(string name, torch.Tensor scores)
    {
        using var scope = torch.NewDisposeScope();
        if (scores.isfinite().all().item<bool>())
            return scores;
        scores.Dispose();
        throw new FewShotException($"{name}: a score is not a number or infinite; the method diverged, or its features do.");
    }

    private static torch.Tensor Ask(string name, Func<IReadOnlyList<Episode>, torch.Tensor> ask, IReadOnlyList<Episode> episodes)
    {
        using var scope = torch.NewDisposeScope();
        Episode[] asked =
        [
            .. episodes.Select(episode => episode with { Query = [.. episode.Query.Select(image => image with { Label = 0 })] }),
        ];
        var scores = ask(asked);
        long[] expected = [episodes.Count, episodes[0].Query.Count, episodes[0].Way];
        if (!scores.shape.SequenceEqual(expected) || scores.dtype != torch.ScalarType.Float32 || scores.device_type != DeviceType.CPU)
        {
            throw new FewShotException(
                $"{name} gave scores of {scores.dtype} with shape [{string.Join(", ", scores.shape)}] on {scores.device_type}; "
                + $"float32 with shape [{string.Join(", ", expected)}] on the CPU was asked for.");
        }

        return scores.MoveToOuterDisposeScope();
    }
}
