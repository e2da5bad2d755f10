using FewShot.Data;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Vision;

namespace FewShot.Course;

/// <summary>
/// What the notebooks work on: an ImageNet backbone, and CIFAR-10 where it is found or can be downloaded, else generated shapes.
/// Which images they are stands in every output that uses them.
/// </summary>
public sealed class CourseMaterial : IDisposable
{
    private readonly PretrainedResNet pretrained;

    /// <summary>Takes ownership of all three.</summary>
    internal CourseMaterial(ImageSet train, ImageSet test, PretrainedResNet pretrained, string? notice)
    {
        Train = train;
        Test = test;
        this.pretrained = pretrained;
        Notice = notice;
        Backbone = pretrained.Freeze(Torch.Device);
    }

    /// <summary>The images whose labels may be used.</summary>
    public ImageSet Train { get; }

    /// <summary>The images that judge; never used for a choice.</summary>
    public ImageSet Test { get; }

    /// <summary>The frozen backbone, on <see cref="Torch.Device"/>.</summary>
    public FrozenResNet Backbone { get; }

    /// <summary>The preprocessing that the backbone was trained with.</summary>
    public Preprocessing Preprocessing => pretrained.Preprocessing;

    /// <summary>True where generated images stand in for CIFAR-10.</summary>
    public bool IsStandIn => Notice is not null;

    /// <summary>Why generated images are used, and how to get the real ones; null where the real ones are used.</summary>
    public string? Notice { get; }

    /// <summary>
    /// A few words for the foot of every result: which images and which backbone. <see cref="ToString"/> has their digests.
    /// </summary>
    public string Source => $"{(IsStandIn ? "STAND-IN, generated images" : "CIFAR-10")}; {Backbone.Name}";

    /// <summary>Finds, downloads where it must and may, and loads; the backbone is <see cref="CourseBackbones.Current"/>.</summary>
    /// <param name="progress">Told of downloads.</param>
    /// <param name="cancellation">Stops a download; what has come is kept for the next time.</param>
    /// <exception cref="FewShotException">A file is there, but damaged; or the weights that were asked for cannot be had.</exception>
    public static Task<CourseMaterial> OpenAsync(IProgress<StepProgress>? progress = null, CancellationToken cancellation = default) =>
        OpenAsync(CourseBackbones.Current, progress, cancellation);

    /// <param name="backbone">The network to stand on.</param>
    /// <param name="progress">Told of downloads.</param>
    /// <param name="cancellation">Stops a download; what has come is kept for the next time.</param>
    /// <inheritdoc cref="OpenAsync(IProgress{StepProgress}, CancellationToken)"/>
    public static Task<CourseMaterial> OpenAsync(
        CourseBackbone backbone, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default) =>
        OpenAsync(backbone, DataFolder.Default, progress, cancellation);

    internal static async Task<CourseMaterial> OpenAsync(
        CourseBackbone backbone, DataFolder folder, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        var pretrained = await CourseBackbones.OpenAsync(backbone, folder, progress, cancellation);
        try
        {
            var images = await folder.TryCifar10Async(progress, cancellation);
            if (images.Path is not null)
                return new CourseMaterial(Cifar10.LoadTrain(images.Path), Cifar10.LoadTest(images.Path), pretrained, null);
            var (train, test) = Shapes.TenClassProblem();
            return new CourseMaterial(
                train, test, pretrained, $"STAND-IN IMAGES: generated shapes, so no number here is about CIFAR-10. {images.Sentence}");
        }
        catch
        {
            pretrained.Dispose();
            throw;
        }
    }

    /// <summary>The same backbone as a network that can be trained, in evaluation mode, with a new head.</summary>
    /// <param name="classes">Outputs of the new head.</param>
    public ResNet NewNetwork(int classes) => pretrained.NewNetwork(classes);

    /// <summary>The same backbone as a network that can be trained, in evaluation mode, with a new head that knows its classes.</summary>
    /// <param name="classNames">The name of each output of the new head.</param>
    /// <exception cref="FewShotException">A name is empty, or stands for two classes.</exception>
    public ResNet NewNetwork(IReadOnlyList<string> classNames) => pretrained.NewNetwork(classNames);

    /// <summary>The lines that say what is used, with digests: the name of the exact bytes behind each result.</summary>
    public override string ToString()
    {
        var lines = new[]
        {
            $"Training images: {Train.Name}, {Train.Count:N0} of {Train.Height} x {Train.Width}, SHA-256 {Train.Digest[..8]}...",
            $"Test images:     {Test.Name}, {Test.Count:N0}, SHA-256 {Test.Digest[..8]}...",
            $"Classes:         {string.Join(", ", Train.ClassNames)}",
            $"Backbone:        {Backbone.Description}",
        };
        return string.Join('\n', Notice is null ? lines : lines.Prepend(Notice));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Train.Dispose();
        Test.Dispose();
        Backbone.Dispose();
        pretrained.Dispose();
    }
}
