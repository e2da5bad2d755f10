using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Benchmarks;

/// <summary>What the benchmarks of episodes hold against each other: both sides must answer equally well.</summary>
internal static class EpisodeComparison
{
    private const double Tolerance = 0.002;

    /// <summary>Says both accuracies.</summary>
    /// <exception cref="FewShotException">They differ by more than 0.2 points.</exception>
    public static void RequireEqual(TextWriter output, EpisodeSubject subject, torch.Tensor ours, torch.Tensor theirs)
    {
        using var scope = torch.NewDisposeScope();
        var (our, their) = (subject.Accuracy(ours), subject.Accuracy(theirs));
        var same = ours.eq(theirs).to(torch.float64).mean().item<double>();
        output.WriteLine($"Accuracy: ours {100 * our:F2} %, peer {100 * their:F2} %; {100 * same:F2} % of the answers are the same.");
        if (!(Math.Abs(our - their) <= Tolerance))
            throw new FewShotException("The two sides do not learn the same: their accuracies differ by more than 0.2 points.");
    }
}
