using System.Globalization;
using System.Runtime.InteropServices;
using FewShot.Heads;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Benchmarks;

/// <summary>Logistic regression of many episodes at once against scikit-learn, one episode after another, as Tian et al. 2020 do.</summary>
public sealed class EpisodesLogisticBenchmark : IBenchmark
{
    private const int Episodes = 1000;
    private const int RoundCount = 3;
    private static readonly PythonModules ScikitLearn = new("scikit-learn", "sklearn", "python3-sklearn");

    /// <inheritdoc/>
    public string Name => "episodes-logistic";

    /// <inheritdoc/>
    public string Description =>
        "logistic regression of 1,000 5-way episodes at once against scikit-learn's loop: the smaller ratio of 1 and 5 shots";

    /// <inheritdoc/>
    public Measurement Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Torch.Load();
        var parts = new[] { (Name: "1 shot", Shot: 1), (Name: "5 shots", Shot: 5) }
            .Select(part => (part.Name, Result: Measure(output, part.Shot)))
            .ToList();
        return new Measurement(
            string.Join("; ", parts.Select(part => part.Result.Work)),
            parts[0].Result.Version,
            RoundCount,
            parts.ToDictionary(part => part.Name, part => part.Result.Ratio));
    }

    private static (string Work, string Version, double Ratio) Measure(TextWriter output, int shot)
    {
        var folder = Directory.CreateTempSubdirectory("fewshot-benchmark-").FullName;
        try
        {
            using var subject = new EpisodeSubject(Episodes, shot);
            var answersPath = Path.Combine(folder, "answers");
            using var peer = new PythonPeer(ScikitLearn, "episodes_logistic.py", [answersPath, .. subject.Write(folder)]);
            output.WriteLine($"Work: {subject.Name}, L2-normalised, C 1; {Torch.Describe()}.");
            output.WriteLine($"Ours: all episodes at once. Peer: one after another; {peer.Version}.");
            var head = new EpisodeLogistic();
            torch.Tensor? ours = null;
            var rounds = Rounds.Measure(
                RoundCount,
                () => Rounds.Seconds(() =>
                {
                    ours?.Dispose();
                    ours = subject.Answer(head);
                }),
                () => double.Parse(peer.Ask("fit"), CultureInfo.InvariantCulture));
            foreach (var (round, (our, their)) in rounds.Index())
                output.WriteLine($"Round {round + 1}: ours {our:F2} s, peer {their:F2} s, ratio {their / our:F1}");
            var numbers = MemoryMarshal.Cast<byte, long>(File.ReadAllBytes(answersPath)).ToArray();
            using var theirs = torch.tensor(numbers, subject.QueryLabels.shape, torch.int64);
            EpisodeComparison.RequireEqual(output, subject, ours!, theirs);
            ours!.Dispose();
            return (subject.Name, peer.Version, rounds.Select(round => round.Theirs / round.Ours).Median());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
