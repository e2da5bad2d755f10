using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Data;

/// <summary>
/// CIFAR-FS, CIFAR-100's photos of 32 x 32 pixels cut by class for few-shot learning: 64 / 16 / 20 classes of 600 images.
/// Bertinetto, Henriques, Torr and Vedaldi 2019, "Meta-learning with differentiable closed-form solvers".
/// </summary>
/// <remarks>
/// Two layouts are read: CIFAR-100's binary version (<c>train.bin</c> and <c>test.bin</c>, whose images are put together) and the
/// authors' own tree (<c>data/CLASS/*.png</c>).
/// </remarks>
public static class CifarFs
{
    /// <summary>Images of each class.</summary>
    public const int ImagesPerClass = 600;

    private const int Side = 32;
    private const int PixelBytes = 3 * Side * Side;
    private const int RecordBytes = 2 + PixelBytes;
    private const string TrainFile = "train.bin";

    private static readonly (string Name, int Records)[] Files = [(TrainFile, 50_000), ("test.bin", 10_000)];

    private static readonly Lazy<SplitList> Published = new(() => SplitList.Carried("cifar-fs"));

    /// <summary>The 64 classes to train on.</summary>
    public static IReadOnlyList<string> TrainClassNames { get; } = Classes("train");

    /// <summary>The 16 classes for every choice.</summary>
    public static IReadOnlyList<string> ValidationClassNames { get; } = Classes("validation");

    /// <summary>The 20 classes for results.</summary>
    public static IReadOnlyList<string> TestClassNames { get; } = Classes("test");

    // CIFAR-100 numbers its classes in alphabetical order.
    private static string[] AllClassNames { get; } =
        [.. TrainClassNames.Concat(ValidationClassNames).Concat(TestClassNames).Order(StringComparer.Ordinal)];

    /// <summary>True when the folder holds one of the two layouts, as far as names and lengths tell.</summary>
    public static bool IsIn(string folder) =>
        Files.All(file =>
            new FileInfo(Path.Combine(folder, file.Name)) is { Exists: true } info && info.Length == (long)file.Records * RecordBytes)
        || Directory.Exists(Path.Combine(folder, "data"));

    /// <summary>The training classes.</summary>
    /// <param name="folder">The folder with CIFAR-100's binary files, or the one with the tree's <c>data</c>.</param>
    /// <param name="progress">Told of images where the tree is read; null for <see cref="ProgressSink.Current"/>.</param>
    /// <returns>600 images of each class.</returns>
    /// <exception cref="FewShotException">A file or class is missing, or has not the right length or number of images.</exception>
    public static ImageSet LoadTrain(string folder, IProgress<StepProgress>? progress = null) =>
        Load("CIFAR-FS training", folder, TrainClassNames, progress);

    /// <summary>The validation classes.</summary>
    /// <inheritdoc cref="LoadTrain"/>
    public static ImageSet LoadValidation(string folder, IProgress<StepProgress>? progress = null) =>
        Load("CIFAR-FS validation", folder, ValidationClassNames, progress);

    /// <summary>The test classes.</summary>
    /// <inheritdoc cref="LoadTrain"/>
    public static ImageSet LoadTest(string folder, IProgress<StepProgress>? progress = null) =>
        Load("CIFAR-FS test", folder, TestClassNames, progress);

    private static ImageSet Load(string name, string folder, IReadOnlyList<string> classes, IProgress<StepProgress>? progress)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var tree = Path.Combine(folder, "data");
        if (!File.Exists(Path.Combine(folder, TrainFile)) && !Directory.Exists(tree))
        {
            throw new FewShotException(
                $"{folder} holds neither CIFAR-100's {TrainFile} nor the folder 'data' of CIFAR-FS. " +
                "data/README.md says how to get one of them.");
        }

        var set = File.Exists(Path.Combine(folder, TrainFile))
            ? LoadBinary(name, folder, classes)
            : ImageFolder.LoadClasses(name, tree, classes, new ImageFolderOptions(Side), progress ?? ProgressSink.Current);
        var counts = set.LabelValues.CountBy(label => label).ToDictionary();
        var odd = Enumerable.Range(0, classes.Count).FirstOrDefault(label => counts.GetValueOrDefault(label) != ImagesPerClass, -1);
        if (odd < 0)
            return set;
        set.Dispose();
        throw new FewShotException(
            $"{folder}: class '{classes[odd]}' has {counts.GetValueOrDefault(odd)} images; CIFAR-FS has {ImagesPerClass} of each. " +
            "Get the data again.");
    }

    private static ImageSet LoadBinary(string name, string folder, IReadOnlyList<string> classes)
    {
        Torch.Load();
        var rank = new int[AllClassNames.Length];
        Array.Fill(rank, -1);
        foreach (var (label, className) in classes.Index())
            rank[Array.BinarySearch(AllClassNames, className, StringComparer.Ordinal)] = label;
        var pixels = new byte[classes.Count * ImagesPerClass * PixelBytes];
        var labels = new List<long>();
        foreach (var (file, records) in Files)
        {
            var path = Path.Combine(folder, file);
            using var stream = Open(path, records);
            var record = new byte[RecordBytes];
            for (var i = 0; i < records; i++)
            {
                stream.ReadExactly(record);
                // A record begins with two labels, a coarse one and then the fine one, which is the class.
                if (record[1] >= rank.Length)
                {
                    throw new FewShotException(
                        $"{path}: record {i} (counted from 0) has label {record[1]}, outside 0..99. " +
                        "The file is damaged: download CIFAR-100 again.");
                }

                if (rank[record[1]] < 0)
                    continue;
                if (labels.Count == classes.Count * ImagesPerClass)
                {
                    throw new FewShotException(
                        $"{path}: record {i} (counted from 0) is one image more than {ImagesPerClass} of each class of {name}. " +
                        "The file is damaged: download CIFAR-100 again.");
                }

                record.AsSpan(2).CopyTo(pixels.AsSpan(labels.Count * PixelBytes));
                labels.Add(rank[record[1]]);
            }
        }

        using var scope = torch.NewDisposeScope();
        var images = torch.tensor(pixels, [classes.Count * ImagesPerClass, 3, Side, Side], torch.uint8);
        return new ImageSet(name, images.narrow(0, 0, labels.Count).contiguous(), torch.tensor(labels.ToArray()), classes);
    }

    private static FileStream Open(string path, int records)
    {
        var needed = (long)records * RecordBytes;
        if (!File.Exists(path))
        {
            throw new FewShotException(
                $"{path} is missing. Download the binary version of CIFAR-100 (data/README.md says how) into this folder.");
        }

        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        if (stream.Length == needed)
            return stream;
        var found = stream.Length;
        stream.Dispose();
        throw new FewShotException(
            $"{path} has {found:N0} bytes; it must have {needed:N0} ({records:N0} records). " +
            "The file is damaged: download CIFAR-100 again.");
    }

    private static string[] Classes(string part) => [.. Published.Value.Of(part).Select(words => words[0])];
}
