using FewShot.Data;
using FewShot.Heads;
using FewShot.Meta;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Tests.Meta;
using FewShot.Tests.Transfer;
using FewShot.Transfer;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Gpu.Tests;

/// <summary>
/// Each method of the library on a small problem, on <see cref="Torch.Device"/>; its numbers must not depend on the device.
/// </summary>
internal static class Method
{
    private static readonly Preprocessing Pixels = new(16);

    private static readonly Dictionary<string, Func<double[]>> All = new()
    {
        ["preprocessing"] = () => Images(images => Numbers(Pixels.Apply(images.Images, Torch.Device))),
        ["features"] = () => Bank(bank => Numbers(bank.Features)),
        ["nearest centroid"] = () => Bank(bank => Scores(bank, NearestCentroid.Fit(bank))),
        ["logistic regression"] = () => Bank(bank => Scores(bank, LogisticRegression.Fit(bank, new() { Strengths = [0.1] }).Head)),
        ["linear probe"] = () => Bank(bank => Scores(bank, LinearProbe.Train(bank).Head)),
        ["fine-tuning"] = FineTuned,
        ["MAML"] = () => Gradient((model, start) => new Maml(model, start, new MamlOptions { InnerSteps = 3 })),
        ["first-order MAML"] = () => Gradient(
            (model, start) => new Maml(model, start, new MamlOptions { InnerSteps = 3, Order = GradientOrder.First })),
        ["ANIL"] = () => Gradient((model, start) => new Anil(model, start)),
        ["Meta-SGD"] = () => Gradient((model, start) => new MetaSgd(model, start)),
        ["Reptile"] = () => Gradient((model, start) => new Reptile(model, start)),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>Its numbers on a device.</summary>
    public static double[] On(torch.Device device, string name)
    {
        using var scope = torch.NewDisposeScope();
        using var on = new OnDevice(device);
        return All[name]();
    }

    private static double[] Images(Func<ImageSet, double[]> compute)
    {
        using var images = TinyImages.Make(24, size: 16);
        return compute(images);
    }

    private static double[] Bank(Func<FeatureBank, double[]> compute) => Images(images =>
    {
        using var network = Network();
        using var backbone = new FrozenResNet(network, "random weights", "seed 1");
        using var bank = FeatureBank.Extract(backbone, images, Pixels);
        return compute(bank);
    });

    private static double[] Scores(FeatureBank bank, IHead head)
    {
        using (head)
            return Numbers(bank.Scores(head));
    }

    private static double[] FineTuned() => Images(images =>
    {
        using var network = Network();
        var options = new FineTunerOptions { Preprocessing = Pixels, Augmentation = AugmentationOptions.None, Epochs = 2, BatchSize = 8 };
        using (var tuner = new FineTuner(network, images, null, options with { Optimizer = FineTuneOptimizer.Sgd }))
            _ = tuner.Run();
        return [.. network.state_dict().OrderBy(entry => entry.Key, StringComparer.Ordinal).SelectMany(entry => Numbers(entry.Value))];
    });

    private static double[] Gradient(Func<IFunctionalModel, ModelWeights, MetaLearner> make)
    {
        var model = MetaTasks.Strided();
        using var start = MetaTasks.Weights(model, dtype: torch.ScalarType.Float32);
        using var learner = make(model, start);
        using var onCpu = MetaTasks.For(model, dtype: torch.ScalarType.Float32);
        using var tasks = onCpu.To(Torch.Device);
        using var gradient = learner.Gradient(tasks);
        return Numbers(gradient.Gradient);
    }

    /// <summary>The same weights on every device: drawn on the CPU.</summary>
    private static ResNet Network()
    {
        using var noGradient = torch.no_grad();
        using var generator = new torch.Generator(1, torch.CPU);
        var network = new ResNet(new() { Name = "tiny ResNet", Widths = [4, 8], Blocks = [1, 1], Stem = ResNetStem.Cifar, Classes = 2 });
        foreach (var parameter in network.parameters().Where(parameter => parameter.dim() > 1))
        {
            var spread = Math.Sqrt(2.0 * parameter.shape[0] / parameter.numel());
            _ = parameter.copy_(torch.randn(parameter.shape, generator: generator) * spread);
        }

        _ = network.Head.bias!.zero_();
        network.eval();
        return network;
    }

    private static double[] Numbers(torch.Tensor tensor) =>
        tensor.detach().cpu().to(torch.float64).contiguous().data<double>().ToArray();
}
