using System.Globalization;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Data;

/// <summary>Which characters are trained on, chosen by and judged on.</summary>
public enum OmniglotSplit
{
    /// <summary>
    /// 1,028 / 172 / 423 characters, whole alphabets but one (Vinyals et al. 2016, list as published by Snell et al. 2017).
    /// </summary>
    Vinyals,

    /// <summary>
    /// 1,100 / 100 / 423 characters at random over all alphabets, as in the code of Finn et al. 2017. An easier split: a test
    /// character's alphabet was seen in training.
    /// </summary>
    Random,
}

/// <summary>
/// Omniglot, 1,623 handwritten characters of 50 alphabets, each drawn by 20 people. Lake, Salakhutdinov and Tenenbaum 2015, "Human-level
/// concept learning through probabilistic program induction", Science 350.
/// </summary>
/// <remarks>
/// The images are 28 x 28, one channel, ink 255 on 0: the field's inversion of the files, which show black ink on white. The
/// publisher's files have 105 x 105 pixels; files of any size are read, and shrunk with averaging (<see cref="Drawing"/>).
/// </remarks>
public static class Omniglot
{
    /// <summary>Height and width of an image in pixels.</summary>
    public const int Side = 28;

    /// <summary>Drawings of each character.</summary>
    public const int DrawingsPerCharacter = 20;

    private const int TrainCharacters = 1100;
    private const int ValidationCharacters = 100;
    private const int Pixels = Side * Side;

    private static readonly Lazy<(string[] Train, string[] Validation, string[] Test)> Published = new(() =>
    {
        var list = SplitList.Carried("omniglot-vinyals");
        return (Characters(list, "train"), Characters(list, "validation"), Characters(list, "test"));
    });

    /// <summary>All 1,623 characters, as paths of the publisher's tree ("images_background/Greek/character05"), in ordinal order.</summary>
    public static IReadOnlyList<string> CharacterNames { get; } =
        [.. Published.Value.Train.Concat(Published.Value.Validation).Concat(Published.Value.Test).Order(StringComparer.Ordinal)];

    /// <summary>Reads all 32,460 drawings.</summary>
    /// <param name="folder">The folder that holds <c>images_background</c> and <c>images_evaluation</c>.</param>
    /// <param name="progress">Told of characters; null for <see cref="ProgressSink.Current"/>.</param>
    /// <returns>One class for each character, in ordinal order, its 20 drawings in ordinal order of their names.</returns>
    /// <exception cref="FewShotException">A character is missing, has not 20 drawings, or a file is no drawing.</exception>
    public static ImageSet Load(string folder, IProgress<StepProgress>? progress = null) =>
        Load(folder, CharacterNames, progress ?? ProgressSink.Current);

    /// <summary>All 32,460 drawings as they come with the course (MIT licence): no file and no download is needed.</summary>
    /// <returns>As <see cref="Load(string, IProgress{StepProgress}?)"/> gives them.</returns>
    /// <exception cref="FewShotException">The library was built without them, or from others.</exception>
    public static ImageSet LoadCarried() => OmniglotSheets.Read();

    /// <summary>Cuts the characters into three parts.</summary>
    /// <param name="all">As <see cref="Load(string, IProgress{StepProgress}?)"/> gives it; stays the caller's.</param>
    /// <param name="split">Which characters go where.</param>
    /// <param name="rotations">Whether each part also holds every character turned by 90, 180 and 270 degrees as classes of their
    /// own, as is usual: four times the classes.</param>
    /// <param name="seed">Chooses the characters of <see cref="OmniglotSplit.Random"/>; the other split is fixed.</param>
    public static ClassSplit Split(ImageSet all, OmniglotSplit split = OmniglotSplit.Vinyals, bool rotations = true, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(all);
        var (train, validation, test) = split switch
        {
            OmniglotSplit.Vinyals => Published.Value,
            OmniglotSplit.Random => Draw(seed),
            _ => throw new ArgumentOutOfRangeException(nameof(split), split, "There is no such split."),
        };
        var name = split == OmniglotSplit.Random
            ? string.Create(CultureInfo.InvariantCulture, $"random split, seed {seed}")
            : "Vinyals split";
        return new ClassSplit(Part(train, "training"), Part(validation, "validation"), Part(test, "test"));

        ImageSet Part(string[] characters, string part)
        {
            var title = $"Omniglot {part} ({name})";
            var upright = all.SelectClasses(characters, title);
            if (!rotations)
                return upright;
            using (upright)
                return WithRotations(upright);
        }
    }

    /// <summary>
    /// The set and the same images turned by 90, 180 and 270 degrees against the clock, each turn of a class as a class of its own.
    /// </summary>
    /// <param name="images">Square images of C classes; stays the caller's.</param>
    /// <returns>4 C classes: those of <paramref name="images"/>, then the same turned by 90 degrees, and so on.</returns>
    public static ImageSet WithRotations(ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Height != images.Width)
        {
            throw new FewShotException(
                $"{images.Name}: only square images keep their shape when turned; these have {images.Height} x {images.Width} pixels.");
        }

        using var scope = torch.NewDisposeScope();
        var turned = Enumerable.Range(0, 4).Select(quarter => torch.rot90(images.Images, quarter, (2, 3))).ToArray();
        var labels = Enumerable.Range(0, 4).Select(quarter => images.Labels + ((long)quarter * images.ClassNames.Count)).ToArray();
        string[] names =
        [
            .. Enumerable.Range(0, 4).SelectMany(quarter => images.ClassNames.Select(name =>
                quarter == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}, turned by {90 * quarter}"))),
        ];
        return new ImageSet($"{images.Name}, four rotations", torch.cat(turned, 0), torch.cat(labels, 0), names, images.IsStandIn);
    }

    /// <summary>The set and the same images mirrored left to right, the mirror images of a class as a class of their own.</summary>
    /// <param name="images">Images of C classes; stays the caller's.</param>
    /// <returns>2 C classes: those of <paramref name="images"/>, then the same mirrored.</returns>
    public static ImageSet WithMirrorImages(ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var scope = torch.NewDisposeScope();
        string[] names = [.. images.ClassNames, .. images.ClassNames.Select(name => $"{name}, mirrored")];
        return new ImageSet(
            $"{images.Name}, mirror images",
            torch.cat([images.Images, images.Images.flip(3)], 0),
            torch.cat([images.Labels, images.Labels + (long)images.ClassNames.Count], 0),
            names,
            images.IsStandIn);
    }

    internal static ImageSet Load(string folder, IReadOnlyList<string> characters, IProgress<StepProgress> progress)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Torch.Load();
        var pixels = new byte[characters.Count * DrawingsPerCharacter * Pixels];
        var (gate, done) = (new Lock(), 0);
        try
        {
            Parallel.For(0, characters.Count, label =>
            {
                foreach (var (drawing, path) in Drawings(folder, characters[label]).Index())
                {
                    using var image = Drawing.Read(path, Side);
                    image.bytes.CopyTo(pixels.AsSpan(((label * DrawingsPerCharacter) + drawing) * Pixels, Pixels));
                }

                lock (gate)
                    progress.Report(new StepProgress("reading Omniglot's characters", ++done, characters.Count));
            });
        }
        catch (AggregateException e) when (e.InnerExceptions.OfType<FewShotException>().FirstOrDefault() is { } cause)
        {
            throw new FewShotException(cause.Message, e);
        }

        using var scope = torch.NewDisposeScope();
        var images = torch.tensor(pixels, [characters.Count * DrawingsPerCharacter, 1, Side, Side], torch.uint8);
        var labels = torch.arange(characters.Count, torch.int64).repeat_interleave(DrawingsPerCharacter);
        return new ImageSet("Omniglot", images, labels, characters);
    }

    private static string[] Drawings(string folder, string character)
    {
        var path = Path.Combine(folder, character);
        if (!Directory.Exists(path))
        {
            throw new FewShotException(
                $"{path} is missing: {folder} must hold images_background and images_evaluation as Omniglot's archives do. " +
                "data/README.md says how to get them.");
        }

        var files = Directory.GetFiles(path, "*.png");
        if (files.Length != DrawingsPerCharacter)
        {
            throw new FewShotException(
                $"{path} holds {files.Length} PNG files; a character of Omniglot has {DrawingsPerCharacter} drawings. " +
                "Remove the folder and unpack the archive again.");
        }

        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    private static string[] Characters(SplitList list, string part) =>
    [
        .. list.Of(part).SelectMany(words =>
        {
            var (first, last) = (int.Parse(words[1], CultureInfo.InvariantCulture), int.Parse(words[2], CultureInfo.InvariantCulture));
            return Enumerable.Range(first, last - first + 1)
                .Select(number => string.Create(CultureInfo.InvariantCulture, $"{words[0]}/character{number:00}"));
        }),
    ];

    private static (string[] Train, string[] Validation, string[] Test) Draw(long seed)
    {
        var characters = CharacterNames.ToArray();
        new StableRandom(seed).Draw<string>(characters, characters.Length);
        return (
            characters[..TrainCharacters],
            characters[TrainCharacters..(TrainCharacters + ValidationCharacters)],
            characters[(TrainCharacters + ValidationCharacters)..]);
    }
}
