using FewShot.Heads;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Benchmarks;

/// <summary>Nearest centroid of 2,000 episodes at once against a loop over them.</summary>
public sealed class EpisodesCentroidBenchmark : IBenchmark
{
    private const int Episodes = 2000;
    private const int RoundCount = 5;
    private const double MostSeconds = 2;

    /// <inheritdoc/>
    public string Name => "episodes-centroid";

    /// <inheritdoc/>
    public string Description => "nearest centroid of 2,000 5-way 1-shot episodes on cached features, against a loop over episodes";

    /// <inheritdoc/>
    public Measurement Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Torch.Load();
        using var subject = new EpisodeSubject(Episodes, 1);
        output.WriteLine($"Work: {subject.Name}; {Torch.Describe()}.");
        output.WriteLine("Ours: all episodes at once. Peer: the same in libtorch, one episode after another.");
        var head = new EpisodeCentroid();
        torch.Tensor? ours = null, theirs = null;
        var rounds = Rounds.Measure(
            RoundCount,
            () => Rounds.Seconds(() => Replace(ref ours, subject.Answer(head))),
            () => Rounds.Seconds(() => Replace(ref theirs, subject.AnswerOneByOne())));
        foreach (var (round, (our, their)) in rounds.Index())
            output.WriteLine($"Round {round + 1}: ours {our:F3} s, peer {their:F3} s, ratio {their / our:F1}");
        EpisodeComparison.RequireEqual(output, subject, ours!, theirs!);
        ours!.Dispose();
        theirs!.Dispose();
        var seconds = rounds.Select(round => round.Ours).Median();
        output.WriteLine($"Median of {RoundCount} rounds: ours {seconds:F3} s (at most {MostSeconds:F0} s).");
        if (seconds > MostSeconds)
            throw new FewShotException($"{Episodes} episodes took {seconds:F2} s: above {MostSeconds:F0} s.");
        return new Measurement(
            subject.Name, "a loop over episodes", RoundCount, rounds.Select(round => round.Theirs / round.Ours).Median());
    }

    private static void Replace(ref torch.Tensor? kept, torch.Tensor next)
    {
        kept?.Dispose();
        kept = next;
    }
}
