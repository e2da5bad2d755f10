using FewShot.Runtime;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Data;

/// <summary>
/// Images of one's own: a folder that holds one folder per class, each with PNG and JPEG files of any sizes, also in folders below it.
/// </summary>
/// <remarks>
/// Nothing is skipped silently: a file below a class folder that is no readable image is an error that names it. Only hidden files and
/// folders (their name begins with a dot) and what systems leave by themselves (<c>Thumbs.db</c>, <c>@eaDir</c> and their like) are
/// passed over, and files beside the class folders that are no images (a licence, a list).
/// </remarks>
public static class ImageFolder
{
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg", ".jfif"];
    private static readonly string[] SystemNames =
        ["Thumbs.db", "desktop.ini", "@eaDir", "#recycle", "$RECYCLE.BIN", "__MACOSX", "System Volume Information", "lost+found"];
    private static readonly string[] SplitNames = ["train", "training", "val", "valid", "validation", "dev", "test", "testing"];
    private const int MostFaults = 10;
    // Of an image that is longer than this many times its width only the middle is resized: the whole would take
    // memory by the square of its length.
    internal const int MostSidesSeen = 4;

    /// <summary>Reads every image: shorter side resized (bilinear, antialiased), centre crop, so that all have one size.</summary>
    /// <param name="folder">The folder of class folders.</param>
    /// <param name="options">Size and limit; null for the defaults.</param>
    /// <param name="progress">Told of images; null for <see cref="ProgressSink.Current"/>.</param>
    /// <returns>Classes in ordinal order of their names, and within a class the files in ordinal order of their paths.</returns>
    /// <exception cref="FewShotException">There is no class, a class is empty, or a file is no image, too large, or a link that
    /// leads out of the folder.</exception>
    public static ImageSet Load(string folder, ImageFolderOptions? options = null, IProgress<StepProgress>? progress = null)
    {
        options ??= new ImageFolderOptions();
        progress ??= ProgressSink.Current;
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Size, 1);
        var root = Path.GetFullPath(folder);
        return LoadClasses(Path.GetFileName(root), root, ListClasses(root), options, progress);
    }

    /// <summary>Reads only these class folders, in this order.</summary>
    internal static ImageSet LoadClasses(
        string name, string folder, IReadOnlyList<string> classes, ImageFolderOptions options, IProgress<StepProgress> progress)
    {
        var root = Path.GetFullPath(folder);
        var files = classes
            .SelectMany((name, label) => ListFiles(root, ClassFolder(root, name)).Select(path => (Path: path, Label: (long)label)))
            .ToList();
        Torch.Load();
        using var scope = torch.NewDisposeScope();
        var images = LoadFiles(root, [.. files.Select(file => file.Path)], options, progress);
        return new ImageSet(name, images, torch.tensor(files.Select(file => file.Label).ToArray()), classes);
    }

    /// <summary>Reads these files, each as <see cref="Load"/> reads it.</summary>
    /// <param name="owner">What they are the images of, for the message where several cannot be used.</param>
    /// <param name="paths">At least one PNG or JPEG file.</param>
    /// <param name="options">Size and limit.</param>
    /// <param name="progress">Told of images.</param>
    /// <returns>uint8, N x 3 x size x size.</returns>
    /// <exception cref="FewShotException">A file is missing or is no image, or all of them do not fit in the memory.</exception>
    internal static torch.Tensor LoadFiles(
        string owner, IReadOnlyList<string> paths, ImageFolderOptions options, IProgress<StepProgress> progress)
    {
        CheckMemory(owner, paths.Count, options.Size);
        using var scope = torch.NewDisposeScope();
        var images = torch.empty([paths.Count, 3, options.Size, options.Size], torch.uint8);
        var faults = new List<FewShotException>();
        for (var i = 0; i < paths.Count && faults.Count < MostFaults; i++)
        {
            using var step = torch.NewDisposeScope();
            try
            {
                images[i] = Fit(ImageFile.Read(paths[i], options.MaximumPixels, options.Transparency), options.Size);
            }
            catch (FewShotException e)
            {
                // All that are wrong are told at once: nobody wants to mend a folder file by file.
                faults.Add(e);
            }

            progress.Report(new StepProgress($"reading {paths.Count:N0} images", i + 1, paths.Count, Path.GetFileName(paths[i])));
        }

        if (faults.Count == 1)
            throw faults[0];
        if (faults.Count > 1)
        {
            throw new FewShotException(
                $"{owner}: {faults.Count}{(faults.Count == MostFaults ? " or more" : string.Empty)} files cannot be used.\n" +
                string.Join('\n', faults.Select(fault => fault.Message)),
                faults[0]);
        }

        return images.MoveToOuterDisposeScope();
    }

    /// <summary>All images in a folder and below it, in ordinal order of their paths, whatever their classes.</summary>
    /// <exception cref="FewShotException">The folder is missing, holds no image, or holds a file that is none.</exception>
    internal static IReadOnlyList<string> Files(string folder)
    {
        var root = Path.GetFullPath(folder);
        return Directory.Exists(root)
            ? ListFiles(root, root)
            : throw new FewShotException($"{root} is missing: give a folder of images.");
    }

    private static string ClassFolder(string root, string name)
    {
        var folder = Path.Combine(root, name);
        return Directory.Exists(folder)
            ? folder
            : throw new FewShotException($"{folder} is missing: it should hold the images of the class '{name}'.");
    }

    /// <summary>uint8, 3 x H x W, to uint8, 3 x size x size.</summary>
    private static torch.Tensor Fit(torch.Tensor image, int size)
    {
        var most = MostSidesSeen * Math.Min(image.shape[1], image.shape[2]);
        var seen = Resize.CentreCrop(image.unsqueeze(0), (int)Math.Min(image.shape[1], most), (int)Math.Min(image.shape[2], most));
        var resized = Resize.ShorterSide(seen.to(torch.float32), size, antialias: true);
        return Resize.CentreCrop(resized, size, size)[0].round().clamp(0, 255).to(torch.uint8);
    }

    private static List<string> ListClasses(string root)
    {
        if (!Directory.Exists(root))
            throw new FewShotException($"{root} is missing: give a folder that holds one folder of images for each class.");
        var stray = Directory.EnumerateFiles(root)
            .Order(StringComparer.Ordinal)
            .FirstOrDefault(path => HasImageName(path) && !IsSystems(path));
        if (stray is not null)
            throw new FewShotException($"{stray} lies beside the class folders, so it has no class: move it into the folder of its class.");
        var folders = Directory.EnumerateDirectories(root).Where(path => !IsSystems(path)).ToList();
        if (folders.Count == 0)
            throw new FewShotException($"{root} holds no folders: make one for each class and put its images there.");
        var names = folders.Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).ToList();
        if (names.All(name => SplitNames.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            throw new FewShotException(
                $"{root} holds {string.Join(", ", names)}, which are parts of a data set and not classes: " +
                $"give one of them, such as {Path.Combine(root, names[0])}.");
        }

        if (folders is [var only]
            && !Directory.EnumerateFiles(only).Any(HasImageName)
            && Directory.EnumerateDirectories(only).Any(path => !IsSystems(path)))
        {
            throw new FewShotException(
                $"{root} holds the single folder {names[0]}, which holds folders: give {only}, if the classes are there.");
        }

        return names;
    }

    private static List<string> ListFiles(string root, string classFolder)
    {
        var files = new List<string>();
        var folders = new Stack<string>([classFolder]);
        while (folders.TryPop(out var folder))
        {
            if (new DirectoryInfo(folder).LinkTarget is { } target)
            {
                throw new FewShotException(
                    $"{folder} is a link to {target}; linked folders are not followed: put the images themselves there.");
            }

            foreach (var below in Directory.EnumerateDirectories(folder).Where(path => !IsSystems(path)))
                folders.Push(below);
            foreach (var file in Directory.EnumerateFiles(folder).Where(path => !IsSystems(path)))
            {
                CheckLink(root, file);
                if (!HasImageName(file))
                {
                    throw new FewShotException(
                        $"{file} is not a {string.Join(", ", Extensions)} file: convert it, or move it out of the class folder.");
                }

                files.Add(file);
            }
        }

        if (files.Count == 0)
            throw new FewShotException($"{classFolder} holds no images: put some there, or remove the folder.");
        files.Sort(StringComparer.Ordinal);
        return files;
    }

    private static void CheckLink(string root, string file)
    {
        if (new FileInfo(file).LinkTarget is null)
            return;
        var target = File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName;
        var rootWithSeparator = root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        if (target is null || !Path.GetFullPath(target).StartsWith(rootWithSeparator, StringComparison.Ordinal))
            throw new FewShotException($"{file} is a link that leads out of {root}: put the image itself there.");
    }

    private static void CheckMemory(string root, int count, int size)
    {
        var needed = 3L * size * size * count;
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed > available)
        {
            throw new FewShotException(
                $"{root}: {count:N0} images of {size} x {size} pixels need {needed:N0} bytes of memory; there are {available:N0}. " +
                $"Choose a smaller {nameof(ImageFolderOptions.Size)}.");
        }
    }

    private static bool HasImageName(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private static bool IsSystems(string path) =>
        Path.GetFileName(path) is var name
        && (name.StartsWith('.') || SystemNames.Contains(name, StringComparer.OrdinalIgnoreCase));
}
