using FewShot.Data;
using FewShot.Heads;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Transfer;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Benchmarks;

/// <summary>
/// A linear probe on a feature bank against the usual loop, which passes every image through the frozen backbone again in every epoch.
/// Both start from the same weights and meet the same batches, so they learn the same head.
/// </summary>
public sealed class ProbeBenchmark : IBenchmark
{
    private const int RoundCount = 3;
    private static readonly Preprocessing Pixels = new(32);
    private static readonly LinearProbeOptions Options = new();

    /// <inheritdoc/>
    public string Name => "probe";

    /// <inheritdoc/>
    public string Description => "linear probe of 500 images, 10 epochs: features computed once against the backbone in every epoch";

    /// <inheritdoc/>
    public Measurement Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var (train, test) = BenchmarkSubject.Images(100);
        var (network, source, digest) = BenchmarkSubject.Network();
        using var backbone = new FrozenResNet(network, source, digest);
        using var testBank = FeatureBank.Extract(backbone, test, Pixels);
        var work = $"linear probe of {train.Count} images ({train.Name}) at {Pixels.Size} px, "
            + $"{Options.Epochs} epochs in batches of {Options.BatchSize}; {backbone.Description}";
        output.WriteLine($"Work: {work}; {Torch.Describe()}.");
        output.WriteLine(
            "Ours: one pass through the folded backbone, then the head. "
            + "Peer: the network in evaluation mode, without gradient, in every epoch.");
        Learnt? ours = null, theirs = null;
        var rounds = Rounds.Measure(
            RoundCount,
            () => Rounds.Seconds(() => Replace(ref ours, Bank(backbone, train))),
            () => Rounds.Seconds(() => Replace(ref theirs, Loop(network.Features, train))));
        foreach (var (round, (our, their)) in rounds.Index())
            output.WriteLine($"Round {round + 1}: ours {our:F2} s, peer {their:F2} s, ratio {their / our:F1}");

        var (ourAccuracy, theirAccuracy) = (testBank.Predict(ours!.Head).Accuracy, testBank.Predict(theirs!.Head).Accuracy);
        output.WriteLine(
            $"Ours: last loss {ours.Loss:F4}, accuracy {ourAccuracy}. Peer: last loss {theirs.Loss:F4}, accuracy {theirAccuracy}.");
        if (Math.Abs(ourAccuracy.Value - theirAccuracy.Value) > 0.005)
            throw new FewShotException("The two do not learn the same head: their accuracies differ by more than half a point.");
        Learnt? folded = null;
        var foldedSeconds = Rounds.Seconds(() => Replace(ref folded, Loop(backbone.Features, train)));
        var foldedRatio = foldedSeconds / rounds.Select(round => round.Ours).Median();
        output.WriteLine($"The peer's loop with our folded backbone: {foldedSeconds:F2} s, ratio {foldedRatio:F1}.");
        foreach (var head in new[] { ours.Head, theirs.Head, folded!.Head })
            head.Dispose();
        var ratio = rounds.Select(round => round.Theirs / round.Ours).Median();
        return new Measurement(work, "the same network in evaluation mode in every epoch", RoundCount, ratio);
    }

    private sealed record Learnt(LinearHead Head, double Loss);

    private static void Replace(ref Learnt? kept, Learnt latest)
    {
        kept?.Head.Dispose();
        kept = latest;
    }

    private static Learnt Bank(FrozenResNet backbone, ImageSet train)
    {
        using var bank = FeatureBank.Extract(backbone, train, Pixels);
        var result = LinearProbe.Train(bank, Options);
        return new Learnt(result.Head, result.LossPerEpoch[^1]);
    }

    /// <summary>
    /// The loop of the tutorials: batch by batch, preprocess, backbone, head, step. It starts from the same weights and meets the same
    /// batches.
    /// </summary>
    private static Learnt Loop(Func<torch.Tensor, torch.Tensor> features, ImageSet train)
    {
        using var scope = torch.NewDisposeScope();
        var size = ResNetOptions.ResNet18.Widths[^1];
        var (weight, bias) = LinearProbe.FirstWeights(size, train.ClassNames.Count, Options.Seed);
        using var optimiser = torch.optim.Adam([weight, bias], Options.LearningRate);
        var sum = 0.0;
        for (var epoch = 0; epoch < Options.Epochs; epoch++)
        {
            sum = 0;
            foreach (var batch in LinearProbe.Batches(train.Count, Options, epoch))
            {
                using var step = torch.NewDisposeScope();
                var index = torch.tensor(batch, torch.int64);
                torch.Tensor input;
                using (torch.no_grad())
                    input = features(Pixels.Apply(train.Images.index_select(0, index), Torch.Device)).cpu();
                var scores = torch.nn.functional.linear(input, weight, bias);
                var loss = torch.nn.functional.cross_entropy(scores, train.Labels.index_select(0, index));
                optimiser.zero_grad();
                loss.backward();
                _ = optimiser.step();
                sum += loss.item<float>() * batch.Length;
            }
        }

        using var noGradient = torch.no_grad();
        var head = new LinearHead(
            FeatureTransform.None(size),
            weight.to(torch.float64).MoveToOuterDisposeScope(),
            bias.to(torch.float64).MoveToOuterDisposeScope(),
            new LabelledSpace(train.ClassNames, size, Pixels.Key));
        return new Learnt(head, sum / train.Count);
    }
}
