using FewShot.Models;
using FewShot.Runtime;
using FewShot.Tests.Golden;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Benchmarks;

/// <summary>Images to the default backbone's features at 128 pixels: a feature bank against ONNX Runtime on the very file that the weights come from.</summary>
public sealed class FeaturesOnnxBenchmark : IBenchmark
{
    private const int ImageCount = 256;
    private const int RoundCount = 7;
    private const int PeerBatch = 32;
    private const int Size = 128;
    private const double Tolerance = 1e-4;

    /// <inheritdoc/>
    public string Name => "features-onnx";

    /// <inheritdoc/>
    public string Description => "The default backbone's features at 128 px on the CPU, images a second, against ONNX Runtime in batches of 32";

    /// <inheritdoc/>
    public Measurement Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Torch.Load();
        using var images = FeaturesBenchmark.Images(ImageCount);
        using var pretrained = PretrainedResNet.Packaged();
        using var backbone = pretrained.Freeze(torch.CPU);
        using var peer = OnnxPeer.NetworkOfAnySize(torch.get_num_threads());
        var preprocessing = pretrained.Preprocessing with { Size = Size };
        var rival = $"ONNX Runtime {OnnxPeer.Version}";
        var work = $"{ImageCount} images ({images.Name}), {backbone.Description}, resized to {Size} px";
        output.WriteLine($"Work: {work}.");
        output.WriteLine($"Peer: batches of {PeerBatch}, {torch.get_num_threads()} threads; {rival}. Both have the pixels resized and normalised by the same code.");
        FeatureBank? bank = null;
        float[] theirs = [];
        var rounds = Rounds.Measure(
            RoundCount,
            () => Rounds.Seconds(() =>
            {
                bank?.Dispose();
                bank = FeatureBank.Extract(backbone, images, preprocessing);
            }),
            () => Rounds.Seconds(() => theirs = [.. images.Images.split(PeerBatch).SelectMany(batch =>
            {
                using (batch)
                using (var input = preprocessing.Apply(batch, torch.CPU))
                    return peer.Run(input);
            })]));
        foreach (var (round, (ours, peers)) in rounds.Index())
            output.WriteLine($"Round {round + 1}: ours {ImageCount / ours:F1} images/s, peer {ImageCount / peers:F1} images/s, ratio {peers / ours:F2}");

        using var scope = torch.NewDisposeScope();
        var expected = torch.tensor(theirs, bank!.Features.shape);
        var difference = ((bank.Features - expected).abs().max() / expected.abs().max()).item<float>();
        bank.Dispose();
        output.WriteLine($"Greatest difference of a feature: {difference:E1} of the largest feature (at most {Tolerance:E0}).");
        if (!(difference <= Tolerance))
            throw new FewShotException($"The two sides do not compute the same features: they differ by {difference:E1} of the largest.");
        return new Measurement(work, rival, RoundCount, rounds.Select(round => round.Theirs / round.Ours).Median());
    }
}
