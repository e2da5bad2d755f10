using FewShot.Data;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Studies;

/// <summary>
/// What the notebooks work on: CIFAR-10 and the ImageNet ResNet-18 where both are found or can be downloaded, else generated shapes and a
/// small backbone of the course's own. Which of the two it is stands in every output that uses it.
/// </summary>
public sealed class CourseMaterial : IDisposable
{
    private readonly string weightsPath;
    private readonly ResNetOptions options;

    /// <summary>Takes ownership of both sets.</summary>
    internal CourseMaterial(ImageSet train, ImageSet test, string weightsPath, ResNetOptions options, Preprocessing preprocessing, string? notice)
    {
        Train = train;
        Test = test;
        this.weightsPath = weightsPath;
        this.options = options;
        Preprocessing = preprocessing;
        Notice = notice;
        Backbone = FrozenResNet.Load(weightsPath, options, Torch.Device, IsStandIn);
    }

    /// <summary>The images whose labels may be used.</summary>
    public ImageSet Train { get; }

    /// <summary>The images that judge; never used for a choice.</summary>
    public ImageSet Test { get; }

    /// <summary>The frozen backbone, on <see cref="Torch.Device"/>.</summary>
    public FrozenResNet Backbone { get; }

    /// <summary>The preprocessing that suits the backbone.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>True where generated images and the course's own backbone stand in for the real ones.</summary>
    public bool IsStandIn => Notice is not null;

    /// <summary>Why stand-ins are used, and how to get the real ones; null where the real ones are used.</summary>
    public string? Notice { get; }

    /// <summary>One line for the foot of every result: which images and which weights, by digest.</summary>
    public string Source =>
        $"{(IsStandIn ? "STAND-IN, not real images: " : string.Empty)}{Train.Name} {Train.Digest[..8]}, {Test.Name} {Test.Digest[..8]}; {Backbone.Description}";

    /// <summary>Finds, downloads where it must and may, and loads.</summary>
    /// <param name="progress">Told of downloads.</param>
    /// <param name="cancellation">Stops a download; what has come is kept for the next time.</param>
    /// <exception cref="FewShotException">A file is there, but damaged; or the course's own stand-in weights are missing.</exception>
    public static Task<CourseMaterial> OpenAsync(IProgress<StepProgress>? progress = null, CancellationToken cancellation = default) =>
        OpenAsync(DataFolder.Default, progress, cancellation);

    internal static async Task<CourseMaterial> OpenAsync(DataFolder folder, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        var images = await folder.TryCifar10Async(progress, cancellation);
        var weights = await folder.TryResNet18WeightsAsync(progress, cancellation);
        if (images.Path is not null && weights.Path is not null)
            return new CourseMaterial(Cifar10.LoadTrain(images.Path), Cifar10.LoadTest(images.Path), weights.Path, ResNetOptions.ResNet18, new Preprocessing(), null);

        var (train, test) = Shapes.TenClassProblem();
        var missing = images.Path is null ? images : weights;
        return new CourseMaterial(
            train,
            test,
            Path.Combine(StandInBackbone.Folder, StandInBackbone.WeightsFile),
            StandInBackbone.Options,
            StandInBackbone.Preprocessing,
            $"STAND-IN IMAGES: generated shapes and a small backbone of the course's own, so no number here is about CIFAR-10 or ImageNet. {missing.Sentence}");
    }

    /// <summary>The same backbone as a network that can be trained, in evaluation mode, with a new head.</summary>
    /// <param name="classes">Outputs of the new head.</param>
    public ResNet NewNetwork(int classes)
    {
        var network = ResNet.LoadBackbone(weightsPath, options with { Classes = classes });
        _ = network.to(Torch.Device);
        network.eval();
        return network;
    }

    /// <summary>The lines that say what is used.</summary>
    public override string ToString()
    {
        var lines = new[]
        {
            $"Training images: {Train.Name}, {Train.Count:N0} of {Train.Height} x {Train.Width}, {Train.ClassNames.Count} classes, SHA-256 {Train.Digest[..16]}...",
            $"Test images:     {Test.Name}, {Test.Count:N0}, SHA-256 {Test.Digest[..16]}...",
            $"Classes:         {string.Join(", ", Train.ClassNames)}",
            $"Backbone:        {Backbone.Description}",
            $"Preprocessing:   {Preprocessing.Key}",
        };
        return string.Join('\n', Notice is null ? lines : lines.Prepend(Notice));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Train.Dispose();
        Test.Dispose();
        Backbone.Dispose();
    }
}
