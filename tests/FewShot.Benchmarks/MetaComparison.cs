using System.Globalization;
using System.Runtime.InteropServices;
using FewShot.Meta;
using FewShot.Runtime;

namespace FewShot.Benchmarks;

/// <summary>A meta-iteration (meta-gradient and Adam's step) measured against our plain loop over tasks, or against PyTorch's.</summary>
internal static class MetaComparison
{
    private const double Tolerance = 1e-9;
    private const int Loop = 1;

    /// <summary>Vectorised against chunks of one task, one after another, each part of the work for itself.</summary>
    /// <param name="output">Told what is measured.</param>
    /// <param name="rounds">Rounds of each part.</param>
    /// <param name="parts">A part's name in the record, its tasks, and the meta-iterations of one round.</param>
    public static Measurement WithLoop(
        TextWriter output, int rounds, IReadOnlyList<(string Name, MetaSubject Subject, int Iterations)> parts)
    {
        var ratios = parts.ToDictionary(part => part.Name, part => WithLoop(output, part.Subject, rounds, part.Iterations));
        return new Measurement(Work(parts), "our own loop over tasks", rounds, ratios);
    }

    /// <summary>Vectorised against PyTorch, looping over tasks in Python, each part of the work for itself.</summary>
    /// <param name="output">Told what is measured.</param>
    /// <param name="script">PyTorch's side.</param>
    /// <param name="rounds">Rounds of each part.</param>
    /// <param name="parts">A part's name in the record, its tasks, and the meta-iterations of one round.</param>
    public static Measurement WithPyTorch(
        TextWriter output, string script, int rounds, IReadOnlyList<(string Name, MetaSubject Subject, int Iterations)> parts)
    {
        var measured = parts
            .Select(part => (part.Name, Result: WithPyTorch(output, part.Subject, script, rounds, part.Iterations)))
            .ToList();
        var ratios = measured.ToDictionary(part => part.Name, part => part.Result.Ratio);
        return new Measurement(Work(parts), measured[0].Result.Version, rounds, ratios);
    }

    private static double WithLoop(TextWriter output, MetaSubject subject, int rounds, int iterations)
    {
        Announce(output, subject);
        output.WriteLine("Peer: our own loop over tasks.");
        MetaSubject.Compare(output, subject.Gradient(), subject.Gradient(Loop), Tolerance);
        using var ours = subject.Trainer(null, out var learner);
        using var loop = subject.Trainer(Loop, out var loopLearner);
        using (learner)
        using (loopLearner)
            return Measure(output, rounds, iterations, () => Seconds(ours, iterations), () => Seconds(loop, iterations));
    }

    private static (double Ratio, string Version) WithPyTorch(
        TextWriter output, MetaSubject subject, string script, int rounds, int iterations)
    {
        var folder = Directory.CreateTempSubdirectory("fewshot-benchmark-").FullName;
        try
        {
            using var peer = new PythonPeer(script, subject.Arguments(folder));
            Announce(output, subject);
            output.WriteLine($"Peer: loop over tasks in Python; {peer.Version}.");
            _ = peer.Ask("gradient");
            var gradient = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(Path.Combine(folder, "gradient"))).ToArray();
            MetaSubject.Compare(output, subject.Gradient(), gradient, Tolerance);
            using var ours = subject.Trainer(null, out var learner);
            using (learner)
            {
                var request = iterations.ToString(CultureInfo.InvariantCulture);
                var ratio = Measure(
                    output,
                    rounds,
                    iterations,
                    () => Seconds(ours, iterations),
                    () => double.Parse(peer.Ask(request), CultureInfo.InvariantCulture));
                return (ratio, peer.Version);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Work(IReadOnlyList<(string Name, MetaSubject Subject, int Iterations)> parts) =>
        string.Join("; ", parts.Select(part => part.Subject.Name));

    private static void Announce(TextWriter output, MetaSubject subject)
    {
        output.WriteLine($"Work: {subject.Name}.");
        output.WriteLine($"Ours: vectorised over tasks; {Torch.Describe()}.");
    }

    private static double Seconds(MetaTrainer trainer, int iterations) => Rounds.Seconds(() => trainer.Advance(iterations));

    private static double Measure(TextWriter output, int count, int iterations, Func<double> ours, Func<double> theirs)
    {
        var rounds = Rounds.Measure(count, ours, theirs);
        foreach (var (round, (our, their)) in rounds.Index())
        {
            output.WriteLine(
                $"Round {round + 1}: ours {1000 * our / iterations:F1} ms, peer {1000 * their / iterations:F1} ms a meta-iteration, "
                + $"ratio {their / our:F2}");
        }

        var ourTime = 1000 * rounds.Select(round => round.Ours).Median() / iterations;
        var theirTime = 1000 * rounds.Select(round => round.Theirs).Median() / iterations;
        var ratio = rounds.Select(round => round.Theirs / round.Ours).Median();
        output.WriteLine($"Median of {count} rounds: ours {ourTime:F1} ms, peer {theirTime:F1} ms; ratio {ratio:F2}.");
        return ratio;
    }
}
