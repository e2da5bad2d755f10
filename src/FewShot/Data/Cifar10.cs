using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Data;

/// <summary>
/// CIFAR-10, 60,000 photos of 32 x 32 pixels in ten classes, in its binary version: records of one label byte and 3,072
/// pixel bytes (red, green, blue plane, each row by row). Krizhevsky 2009, "Learning multiple layers of features from tiny images".
/// </summary>
public static class Cifar10
{
    /// <summary>Training images: five files of 10,000.</summary>
    public const int TrainCount = 50_000;

    /// <summary>Test images: one file of 10,000.</summary>
    public const int TestCount = 10_000;

    private const int RecordsPerFile = 10_000;
    private const int Side = 32;
    private const int PixelBytes = 3 * Side * Side;
    private const int RecordBytes = 1 + PixelBytes;
    private const long FileBytes = (long)RecordsPerFile * RecordBytes;

    private static readonly string[] TrainFiles =
        ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"];

    private static readonly string[] TestFiles = ["test_batch.bin"];

    /// <summary>The classes in the order of their labels.</summary>
    public static IReadOnlyList<string> ClassNames { get; } =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>True when all six files are in the folder, each of the right length.</summary>
    /// <param name="folder">The folder that the archive holds: <c>cifar-10-batches-bin</c>.</param>
    public static bool IsIn(string folder) =>
        TrainFiles.Concat(TestFiles).All(file => new FileInfo(Path.Combine(folder, file)) is { Exists: true, Length: FileBytes });

    /// <summary>The 50,000 training images, in the publisher's order.</summary>
    /// <param name="folder">The folder that the archive holds: <c>cifar-10-batches-bin</c>.</param>
    /// <exception cref="FewShotException">A file is missing, has another length, or holds a label above 9.</exception>
    public static ImageSet LoadTrain(string folder) => Load("CIFAR-10 train", folder, TrainFiles);

    /// <summary>The 10,000 test images, in the publisher's order.</summary>
    /// <inheritdoc cref="LoadTrain"/>
    public static ImageSet LoadTest(string folder) => Load("CIFAR-10 test", folder, TestFiles);

    private static ImageSet Load(string name, string folder, string[] files)
    {
        Torch.Load();
        using var scope = torch.NewDisposeScope();
        var images = torch.empty([files.Length * RecordsPerFile, 3, Side, Side], torch.uint8);
        var labels = new long[files.Length * RecordsPerFile];
        for (var i = 0; i < files.Length; i++)
        {
            var records = ReadRecords(Path.Combine(folder, files[i]));
            var first = i * RecordsPerFile;
            var seen = new bool[ClassNames.Count];
            for (var r = 0; r < RecordsPerFile; r++)
            {
                var record = records.AsSpan(r * RecordBytes, RecordBytes);
                if (record[0] >= ClassNames.Count)
                {
                    throw new FewShotException(
                        $"{Path.Combine(folder, files[i])}: record {r} (counted from 0) has label {record[0]}, outside 0..9. " +
                        "The file is damaged: download CIFAR-10 again.");
                }

                seen[record[0]] = true;
                labels[first + r] = record[0];
                record[1..].CopyTo(images.bytes.Slice((first + r) * PixelBytes, PixelBytes));
            }

            // Each of the publisher's files holds all classes. Zeros, which a broken copy leaves, would pass for 10,000 black airplanes.
            if (Array.IndexOf(seen, false) is >= 0 and var absent)
            {
                throw new FewShotException(
                    $"{Path.Combine(folder, files[i])}: none of its {RecordsPerFile:N0} records is of the class '{ClassNames[absent]}'. " +
                    "The file is damaged: download CIFAR-10 again.");
            }
        }

        return new ImageSet(name, images, torch.tensor(labels), ClassNames);
    }

    private static byte[] ReadRecords(string path)
    {
        if (!File.Exists(path))
        {
            throw new FewShotException(
                $"{path} is missing. Download the binary version of CIFAR-10 (data/README.md says how) into this folder.");
        }

        using var stream = File.OpenRead(path);
        if (stream.Length != FileBytes)
        {
            throw new FewShotException(
                $"{path} has {stream.Length:N0} bytes ({stream.Length / RecordBytes:N0} whole records and " +
                $"{stream.Length % RecordBytes:N0} bytes of another); " +
                $"it must have {FileBytes:N0} ({RecordsPerFile:N0} records). The file is damaged: download CIFAR-10 again.");
        }

        var records = new byte[FileBytes];
        stream.ReadExactly(records);
        return records;
    }
}
