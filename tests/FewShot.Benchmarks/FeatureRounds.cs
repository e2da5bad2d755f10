using FewShot.Runtime;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Benchmarks;

/// <summary>What the two benchmarks of features have in common: how fast the rounds were, and that both sides computed the same.</summary>
internal static class FeatureRounds
{
    private const double Tolerance = 1e-4;

    /// <summary>One line a round, in images a second.</summary>
    public static void Tell(TextWriter output, IReadOnlyList<(double Ours, double Theirs)> rounds, int images)
    {
        foreach (var (round, (ours, theirs)) in rounds.Index())
        {
            output.WriteLine(
                $"Round {round + 1}: ours {images / ours:F1} images/s, peer {images / theirs:F1} images/s, ratio {theirs / ours:F2}");
        }
    }

    /// <summary>Compares the features of both sides.</summary>
    /// <param name="output">Told the greatest difference.</param>
    /// <param name="bank">Ours.</param>
    /// <param name="theirs">The rival's, image by image.</param>
    /// <exception cref="FewShotException">They differ by more than 1e-4 of the largest feature.</exception>
    public static void RequireEqual(TextWriter output, FeatureBank bank, float[] theirs)
    {
        using var scope = torch.NewDisposeScope();
        var expected = torch.tensor(theirs, bank.Features.shape);
        var difference = ((bank.Features - expected).abs().max() / expected.abs().max()).item<float>();
        output.WriteLine($"Greatest difference of a feature: {difference:E1} of the largest feature (at most {Tolerance:E0}).");
        if (!(difference <= Tolerance))
            throw new FewShotException($"The two sides do not compute the same features: they differ by {difference:E1} of the largest.");
    }
}
