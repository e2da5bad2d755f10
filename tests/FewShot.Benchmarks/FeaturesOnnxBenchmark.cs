using FewShot.Models;
using FewShot.Runtime;
using FewShot.Tests.Golden;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Benchmarks;

/// <summary>
/// Images to the default backbone's features at 128 pixels: a feature bank against ONNX Runtime on the very file that the weights come
/// from.
/// </summary>
public sealed class FeaturesOnnxBenchmark : IBenchmark
{
    private const int ImageCount = 256;
    // On a machine that others use as well a round differs from the next by a tenth.
    private const int RoundCount = 15;
    private const int PeerBatch = 32;
    private const int Size = 128;

    /// <inheritdoc/>
    public string Name => "features-onnx";

    /// <inheritdoc/>
    public string Description =>
        "The default backbone's features at 128 px on the CPU, images a second, against ONNX Runtime in batches of 32";

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
        output.WriteLine(
            $"Peer: batches of {PeerBatch}, {torch.get_num_threads()} threads; {rival}. "
            + "Both have the pixels resized and normalised by the same code.");
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
        FeatureRounds.Tell(output, rounds, ImageCount);
        FeatureRounds.RequireEqual(output, bank!, theirs);
        bank!.Dispose();
        return new Measurement(work, rival, RoundCount, rounds.Select(round => round.Theirs / round.Ours).Median());
    }
}
