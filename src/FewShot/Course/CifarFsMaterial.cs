using FewShot.Data;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Vision;

namespace FewShot.Course;

/// <summary>
/// What episodes of photos are drawn from: an ImageNet backbone, and the validation and test classes of CIFAR-FS where they are found or
/// can be downloaded, else generated shapes whose classes are split in the same way. Which images they are stands in every output that
/// uses them.
/// </summary>
public sealed class CifarFsMaterial : IDisposable
{
    // Drawing shapes takes time, and a stand-in need not be large.
    private const int MostShapesPerClass = 100;

    private readonly PretrainedResNet pretrained;

    private readonly ImageSet? training;

    private CifarFsMaterial(ImageSet? training, ImageSet validation, ImageSet test, PretrainedResNet pretrained, string? notice)
    {
        (this.training, Validation, Test, this.pretrained, Notice) = (training, validation, test, pretrained, notice);
        Backbone = pretrained.Freeze(Torch.Device);
    }

    /// <summary>The 64 classes to train on, or 80 of generated shapes.</summary>
    /// <exception cref="FewShotException">They were not asked for.</exception>
    public ImageSet Training => training
        ?? throw new FewShotException("Say how many training images to open: OpenAsync(trainingPerClass: 20).");

    /// <summary>The 16 classes for every choice.</summary>
    public ImageSet Validation { get; }

    /// <summary>The 20 classes that judge; never used for a choice.</summary>
    public ImageSet Test { get; }

    /// <summary>The frozen backbone, on <see cref="Torch.Device"/>.</summary>
    public FrozenResNet Backbone { get; }

    /// <summary>The preprocessing that the backbone was trained with.</summary>
    public Preprocessing Preprocessing => pretrained.Preprocessing;

    /// <summary>True where generated images stand in for CIFAR-FS.</summary>
    public bool IsStandIn => Notice is not null;

    /// <summary>Why generated images are used, and how to get the real ones; null where the real ones are used.</summary>
    public string? Notice { get; }

    /// <summary>
    /// A few words for the foot of every result: which images and which backbone. <see cref="ToString"/> has their digests.
    /// </summary>
    public string Source => $"{(IsStandIn ? "STAND-IN, generated images" : "CIFAR-FS")}; {Backbone.Name}";

    /// <summary>Finds, downloads where it must and may, and loads; the backbone is <see cref="CourseBackbones.Current"/>.</summary>
    /// <param name="perClass">Images of each class, the first ones: 1 to 600; of generated classes at most 100.</param>
    /// <param name="progress">Told of downloads and of reading.</param>
    /// <param name="cancellation">Stops a download; what has come is kept for the next time.</param>
    /// <param name="trainingPerClass">Images of each training class, the first ones, as <paramref name="perClass"/>; 0 leaves these classes
    /// out.</param>
    /// <exception cref="FewShotException">A number is out of range; a file is there, but damaged; or the weights that were asked for
    /// cannot be had.</exception>
    public static Task<CifarFsMaterial> OpenAsync(
        int perClass = CifarFs.ImagesPerClass,
        IProgress<StepProgress>? progress = null,
        CancellationToken cancellation = default,
        int trainingPerClass = 0) =>
        OpenAsync(perClass, CourseBackbones.Current, DataFolder.Default, progress, cancellation, trainingPerClass);

    internal static async Task<CifarFsMaterial> OpenAsync(
        int perClass,
        CourseBackbone backbone,
        DataFolder folder,
        IProgress<StepProgress>? progress = null,
        CancellationToken cancellation = default,
        int trainingPerClass = 0)
    {
        if (perClass is < 1 or > CifarFs.ImagesPerClass || trainingPerClass is < 0 or > CifarFs.ImagesPerClass)
        {
            throw new FewShotException(
                $"CIFAR-FS has {CifarFs.ImagesPerClass} images of each class, and at least 1 is needed; found {perClass}, and "
                + $"{trainingPerClass} for training.");
        }

        var pretrained = await CourseBackbones.OpenAsync(backbone, folder, progress, cancellation);
        try
        {
            var images = await folder.TryCifarFsAsync(progress, cancellation);
            if (images.Path is not null)
            {
                return new CifarFsMaterial(
                    trainingPerClass == 0 ? null : First(CifarFs.LoadTrain(images.Path, progress), trainingPerClass),
                    First(CifarFs.LoadValidation(images.Path, progress), perClass),
                    First(CifarFs.LoadTest(images.Path, progress), perClass),
                    pretrained,
                    notice: null);
            }

            var (validation, test) = StandIns(Math.Min(perClass, MostShapesPerClass));
            return new CifarFsMaterial(
                trainingPerClass == 0 ? null : Shapes.DrawBase(Math.Min(trainingPerClass, MostShapesPerClass), seed: 0, firstImage: 0),
                validation, test, pretrained,
                $"STAND-IN IMAGES: generated shapes, so no number here is about CIFAR-FS. {images.Sentence}");
        }
        catch
        {
            pretrained.Dispose();
            throw;
        }
    }

    /// <summary>The lines that say what is used, with digests: the name of the exact bytes behind each result.</summary>
    public override string ToString()
    {
        string Of(ImageSet set) => $"{set.Name}, {set.Count:N0} of {set.Height} x {set.Width}, SHA-256 {set.Digest[..8]}...";
        string[] lines =
        [
            .. training is null ? Array.Empty<string>() : [$"Training:   {Of(training)}, {training.ClassNames.Count} classes"],
            $"Validation: {Of(Validation)}, {Validation.ClassNames.Count} classes",
            $"Test:       {Of(Test)}, {Test.ClassNames.Count} classes: {string.Join(", ", Test.ClassNames)}",
            $"Backbone:   {Backbone.Description}",
        ];
        return string.Join('\n', Notice is null ? lines : lines.Prepend(Notice));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        training?.Dispose();
        Validation.Dispose();
        Test.Dispose();
        Backbone.Dispose();
        pretrained.Dispose();
    }

    private static (ImageSet Validation, ImageSet Test) StandIns(int perClass)
    {
        using var shapes = Shapes.Generate(new ShapesOptions { BasePerClass = 1, ValidationPerClass = perClass, NovelPerClass = perClass });
        return (
            shapes.Validation.SelectClasses(Shapes.ValidationClassNames),
            shapes.Novel.SelectClasses([.. Shapes.NovelClassNames.Take(CifarFs.TestClassNames.Count)]));
    }

    private static ImageSet First(ImageSet all, int perClass)
    {
        using (all)
            return all.Select(Subset.First(all, perClass));
    }
}
