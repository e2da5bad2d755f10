using FewShot.Data;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.SafeTensors;
using TorchSharp;

namespace FewShot.Benchmarks;

/// <summary>
/// What is measured on: CIFAR-10 and ResNet-18's published weights where the data folder has them, else stand-ins of the same sizes.
/// </summary>
internal static class BenchmarkSubject
{
    /// <summary>50 training images of each of ten classes, and as many test images of each as asked for.</summary>
    public static (ImageSet Train, ImageSet Test) Images(int testPerClass)
    {
        if (DataFolder.Default.FindCifar10() is not { } folder)
            return Shapes.TenClassProblem(50, testPerClass);
        using var train = Cifar10.LoadTrain(folder);
        using var test = Cifar10.LoadTest(folder);
        return (train.Select(Subset.First(train, 50)), test.Select(Subset.First(test, testPerClass)));
    }

    /// <summary>ResNet-18 as a network on the device, with where its weights come from.</summary>
    public static (ResNet Network, string Source, string Digest) Network()
    {
        if (DataFolder.Default.FindResNet18Weights() is { } path)
        {
            using var file = TensorFile.Read(path);
            return (OnDevice(ResNet.Load(path, ResNetOptions.ResNet18)), Path.GetFileName(path), file.Digest);
        }

        Torch.Seed(0);
        return (OnDevice(new ResNet(ResNetOptions.ResNet18)), "random weights", "seed 0");
    }

    private static ResNet OnDevice(ResNet network)
    {
        _ = network.to(Torch.Device);
        network.eval();
        return network;
    }
}
