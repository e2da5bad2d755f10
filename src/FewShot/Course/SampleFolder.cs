using System.Globalization;
using System.IO.Enumeration;
using System.Text.RegularExpressions;
using FewShot.Data;
using FewShot.Runtime;
using SkiaSharp;

namespace FewShot.Course;

/// <summary>
/// Writes some images of a set as a folder-per-class tree of PNG files in several sizes and shapes, as real folders hold them.
/// </summary>
public static partial class SampleFolder
{
    /// <summary>Enlargements in percent, width and height: square, wide and tall, one after another.</summary>
    private static readonly (int Width, int Height)[] Shapes = [(400, 400), (600, 400), (400, 560), (300, 300)];

    /// <summary>
    /// Writes the first images of each class; a tree that is there already is used again where it holds the very same files.
    /// </summary>
    /// <param name="images">3-channel images.</param>
    /// <param name="perClass">Images of each class, at least 1.</param>
    /// <param name="root">Where to write; by default a folder of the temporary directory, named by the images' digest.</param>
    /// <returns>The path of the tree.</returns>
    /// <exception cref="FewShotException">A class has fewer images, the folder cannot be written, or it holds something that was not
    /// written here and would be lost.</exception>
    public static string Write(ImageSet images, int perClass, string? root = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        root ??= Path.Combine(
            Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"fewshot-folder-{images.Digest[..12]}-{perClass}"));
        // The files are always written, into a folder beside the root: that takes half a second for 200 images, and shows whether a
        // tree that is already there was changed or cut short.
        var building = $"{root}.{Environment.ProcessId}-{Guid.NewGuid():N}.part";
        try
        {
            foreach (var (index, position) in Subset.First(images, perClass).Index())
            {
                var folder = Directory.CreateDirectory(Path.Combine(building, images.ClassNames[(int)images.LabelValues[(int)position]]));
                var (width, height) = Shapes[index % Shapes.Length];
                using var picture = Picture(images, position);
                using var enlarged = picture.Resize(
                    new SKImageInfo(images.Width * width / 100, images.Height * height / 100), new SKSamplingOptions(SKFilterMode.Linear));
                using var file = File.Create(
                    Path.Combine(folder.FullName, string.Create(CultureInfo.InvariantCulture, $"{position:00000}.png")));
                enlarged.Encode(file, SKEncodedImageFormat.Png, 100);
            }

            Replace(root, building);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FewShotException(
                $"The sample images cannot be written to {root}: {e.Message.TrimEnd('.')}. Make room, or give another folder.", e);
        }
        finally
        {
            if (Directory.Exists(building))
                Directory.Delete(building, recursive: true);
        }

        return root;
    }

    /// <summary>Puts a tree in the place of another, unless they are equal.</summary>
    private static void Replace(string root, string building)
    {
        if (!Directory.Exists(root))
        {
            Directory.Move(building, root);
            return;
        }

        var (kept, wanted) = (Files(root), Files(building));
        if (kept.SequenceEqual(wanted)
            && kept.All(file =>
                File.ReadAllBytes(Path.Combine(root, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(building, file)))))
        {
            return;
        }

        if (kept.FirstOrDefault(file => !OurFile().IsMatch(file)) is { } foreign)
        {
            throw new FewShotException(
                $"{root} holds {foreign}, which is not one of the sample images that belong there. " +
                "Move it elsewhere, or give another folder.");
        }

        var old = $"{building}.old";
        Directory.Move(root, old);
        Directory.Move(building, root);
        Directory.Delete(old, recursive: true);
    }

    /// <summary>
    /// The files of a tree, and links to folders, which are not followed: one that leads back into the tree would have no end. Relative to
    /// the tree, in ordinal order.
    /// </summary>
    private static List<string> Files(string root) =>
    [
        .. new FileSystemEnumerable<string>(
            root,
            (ref FileSystemEntry entry) => entry.ToFullPath(),
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory || IsLink(ref entry),
                ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry),
            }
            .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    private static bool IsLink(ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) != 0;

    [GeneratedRegex(@"^[^/]+/\d{5,}\.png$")]
    private static partial Regex OurFile();

    private static SKBitmap Picture(ImageSet images, long position)
    {
        using var plane = images.Images[position].permute(1, 2, 0).contiguous();
        var bytes = plane.data<byte>().ToArray();
        var bitmap = new SKBitmap(images.Width, images.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        bitmap.Pixels =
        [
            .. Enumerable.Range(0, images.Width * images.Height)
                .Select(i => new SKColor(bytes[3 * i], bytes[(3 * i) + 1], bytes[(3 * i) + 2])),
        ];
        return bitmap;
    }
}
