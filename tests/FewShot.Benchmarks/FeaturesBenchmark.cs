using System.Globalization;
using System.Runtime.InteropServices;
using FewShot.Data;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Tests.Golden;
using FewShot.Transfer;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Benchmarks;

/// <summary>Images to ResNet-18 features at 128 pixels: a feature bank against PyTorch as its tutorials write it.</summary>
public sealed class FeaturesBenchmark : IBenchmark
{
    private const int ImageCount = 256;
    private const int RoundCount = 7;
    private const int PeerBatch = 32;
    private static readonly Preprocessing Preprocessing = new(128);

    /// <inheritdoc/>
    public string Name => "features";

    /// <inheritdoc/>
    public string Description => "ResNet-18 features at 128 px on the CPU, images a second, against PyTorch in batches of 32";

    /// <inheritdoc/>
    public Measurement Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Torch.Load();
        var folder = Directory.CreateTempSubdirectory("fewshot-benchmark-").FullName;
        try
        {
            return Run(output, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Measurement Run(TextWriter output, string folder)
    {
        var weights = Weights(folder);
        using var images = Images(ImageCount);
        using var backbone = FrozenResNet.Load(weights, ResNetOptions.ResNet18, torch.CPU);
        var (imagesPath, featuresPath) = (Path.Combine(folder, "images"), Path.Combine(folder, "features"));
        File.WriteAllBytes(imagesPath, images.Images.data<byte>().ToArray());
        int[] settings = [images.Width, Preprocessing.Size, PeerBatch, torch.get_num_threads()];
        var numbers = settings.Select(setting => setting.ToString(CultureInfo.InvariantCulture));
        using var peer = new PythonPeer("features.py", [weights, imagesPath, featuresPath, .. numbers]);

        var options = new FeatureBankOptions();
        var work = $"{ImageCount} images ({images.Name}), {backbone.Description}, resized to {Preprocessing.Size} px";
        output.WriteLine($"Work: {work}.");
        output.WriteLine($"Ours: feature bank, chunks of {options.ChunkSize}; {Torch.Describe()}.");
        output.WriteLine($"Peer: batches of {PeerBatch}, evaluation mode, no gradient; {peer.Version}.");
        FeatureBank? bank = null;
        var rounds = Rounds.Measure(
            RoundCount,
            () => Rounds.Seconds(() =>
            {
                bank?.Dispose();
                bank = FeatureBank.Extract(backbone, images, Preprocessing, options);
            }),
            () => double.Parse(peer.Ask("extract"), CultureInfo.InvariantCulture));
        FeatureRounds.Tell(output, rounds, ImageCount);
        FeatureRounds.RequireEqual(output, bank!, MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(featuresPath)).ToArray());
        bank!.Dispose();
        var ours = ImageCount / rounds.Select(round => round.Ours).Median();
        var theirs = ImageCount / rounds.Select(round => round.Theirs).Median();
        output.WriteLine(
            $"Median of {RoundCount} rounds: ours {ours:F1} images/s, peer {theirs:F1} images/s; ratio: median over rounds.");
        return new Measurement(work, peer.Version, RoundCount, rounds.Select(round => round.Theirs / round.Ours).Median());
    }

    private static string Weights(string folder)
    {
        if (Data()?.FindResNet18Weights() is { } real)
            return real;
        var path = Path.Combine(folder, "weights-by-formula.safetensors");
        Formula.Save(path, ResNetOptions.ResNet18);
        return path;
    }

    /// <summary>The first test images of CIFAR-10 where the data folder has them, else pixels by formula.</summary>
    internal static ImageSet Images(int count)
    {
        if (Data()?.FindCifar10() is { } cifar)
        {
            using var test = Cifar10.LoadTest(cifar);
            return test.Select([.. Enumerable.Range(0, count).Select(position => (long)position)], $"first of {test.Name}");
        }

        var labels = torch.zeros(count, torch.int64);
        return new ImageSet("pixels by formula", Formula.Pixels("benchmark", count, 3, 32, 32), labels, ["none"], isStandIn: true);
    }

    private static DataFolder? Data() =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable(DataFolder.Variable)) ? null : DataFolder.Default;
}
