using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Data;

/// <summary>
/// 128 classes of 32 x 32 colour images, drawn by code from a seed, for use where no real images are at hand. A class is a
/// figure; its place, size, turn, shear, mirror image, line width, colours, background, clutter, brightness and noise say
/// nothing about it. The classes are split into base (80), validation (16) and novel (32).
/// </summary>
public static class Shapes
{
    /// <summary>Height and width of an image, in pixels.</summary>
    public const int Side = 32;

    private const int Bytes = 3 * Side * Side;

    // The ten-class problem takes its images from places that the splits never reach.
    private const int FirstTrainImage = 1 << 20;
    private const int FirstTestImage = 1 << 21;

    private static readonly Lazy<DistanceGrid>[] Grids =
        [.. ShapeCatalogue.All.Select(shape => new Lazy<DistanceGrid>(() => new DistanceGrid(shape.Figure)))];

    // One class from each of ten families, so that they are far apart to the eye, as the ten classes of CIFAR-10 are.
    private static readonly int[] TenClasses =
        [.. TenNames.Select(name => ShapeCatalogue.Novel.First(position => ShapeCatalogue.All[position].Name == name))];

    private static string[] TenNames =>
    [
        "heart", "star, 7 points", "snowflake", "window", "letter R",
        "percent sign", "infinity sign", "nine dots", "pinwheel", "sailing boat",
    ];

    /// <summary>The 80 classes for training a backbone.</summary>
    public static IReadOnlyList<string> BaseClassNames { get; } = Names(ShapeCatalogue.Base);

    /// <summary>The 16 classes for every choice.</summary>
    public static IReadOnlyList<string> ValidationClassNames { get; } = Names(ShapeCatalogue.Validation);

    /// <summary>The 32 classes for results.</summary>
    public static IReadOnlyList<string> NovelClassNames { get; } = Names(ShapeCatalogue.Novel);

    /// <summary>Draws the three parts; each is marked as a stand-in, and its labels take turns (0, 1, 2, ..., 0, 1, ...).</summary>
    /// <exception cref="FewShotException">A count is not positive, or so great that a part would not fit in one array (2 GB).</exception>
    public static ShapesSplits Generate(ShapesOptions? options = null)
    {
        options ??= new ShapesOptions();
        return new ShapesSplits(
            DrawBase(options.BasePerClass, options.Seed, 0),
            DrawValidation(options.ValidationPerClass, options.Seed),
            DrawNovel(options.NovelPerClass, options.Seed));
    }

    /// <summary>A problem of CIFAR-10's form from ten novel classes: images to learn from and others to test on.</summary>
    /// <param name="trainPerClass">Images of each class to learn from.</param>
    /// <param name="testPerClass">Images of each class to test on.</param>
    /// <param name="seed">Chooses the images.</param>
    /// <exception cref="FewShotException">A count is not positive, or so great that a part would not fit in one array (2 GB).</exception>
    public static (ImageSet Train, ImageSet Test) TenClassProblem(int trainPerClass = 250, int testPerClass = 50, long seed = 0) =>
        (Draw("Shapes-10 train (generated)", TenClasses, trainPerClass, seed, FirstTrainImage),
            Draw("Shapes-10 test (generated)", TenClasses, testPerClass, seed, FirstTestImage));

    /// <summary>Draws base classes only, starting at any image of the seed's endless supply.</summary>
    internal static ImageSet DrawBase(int perClass, long seed, int firstImage) =>
        Draw("Shapes base (generated)", ShapeCatalogue.Base, perClass, seed, firstImage);

    /// <summary>Draws validation classes only.</summary>
    internal static ImageSet DrawValidation(int perClass, long seed) =>
        Draw("Shapes validation (generated)", ShapeCatalogue.Validation, perClass, seed, 0);

    /// <summary>Draws novel classes only.</summary>
    internal static ImageSet DrawNovel(int perClass, long seed) =>
        Draw("Shapes novel (generated)", ShapeCatalogue.Novel, perClass, seed, 0);

    private static ImageSet Draw(string name, IReadOnlyList<int> classes, int perClass, long seed, int firstImage)
    {
        if (perClass <= 0)
            throw new FewShotException($"{name}: {perClass} images per class were asked for; ask for at least 1.");
        var count = (long)classes.Count * perClass;
        if (count * Bytes > Array.MaxLength)
        {
            throw new FewShotException(
                $"{name}: {perClass} images per class were asked for; " +
                $"at most {Array.MaxLength / Bytes / classes.Count} fit in memory at once.");
        }

        Torch.Load();
        var pixels = new byte[count * Bytes];
        var labels = Enumerable.Range(0, (int)count).Select(i => (long)(i % classes.Count)).ToArray();
        Parallel.For(0, labels.Length, i =>
        {
            var position = classes[(int)labels[i]];
            var random = new StableRandom(seed, ((long)position << 32) + firstImage + (i / classes.Count));
            ShapeRenderer.Draw(Grids[position].Value, random, pixels.AsSpan(i * Bytes, Bytes));
        });
        using var scope = torch.NewDisposeScope();
        var images = torch.tensor(pixels, [labels.Length, 3, Side, Side], torch.uint8);
        return new ImageSet(
            name,
            images.MoveToOuterDisposeScope(),
            torch.tensor(labels, torch.int64).MoveToOuterDisposeScope(),
            Names(classes),
            isStandIn: true);
    }

    private static string[] Names(IReadOnlyList<int> classes) => [.. classes.Select(position => ShapeCatalogue.All[position].Name)];
}
