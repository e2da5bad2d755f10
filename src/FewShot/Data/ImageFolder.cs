using FewShot.Runtime;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Data;

/// <summary>
/// Images of one's own: a folder that holds one folder per class, each with PNG and JPEG files of any sizes, also in folders below it.
/// </summary>
/// <remarks>
/// Nothing is skipped silently: a file below a class folder that is no readable image is an error that names it. Only hidden files
/// (their name begins with a dot), <c>Thumbs.db</c> and <c>desktop.ini</c>, which systems leave by themselves, are passed over, and
/// files beside the class folders that are no images (a licence, a list).
/// </remarks>
public static class ImageFolder
{
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg"];

    /// <summary>Reads every image: shorter side resized (bilinear, antialiased), centre crop, so that all have one size.</summary>
    /// <param name="folder">The folder of class folders.</param>
    /// <param name="options">Size and limit; null for the defaults.</param>
    /// <param name="progress">Told of images; null for <see cref="ProgressSink.Current"/>.</param>
    /// <returns>Classes in ordinal order of their names, and within a class the files in ordinal order of their paths.</returns>
    /// <exception cref="FewShotException">There is no class, a class is empty, or a file is no image, too large, or a link that leads out of the folder.</exception>
    public static ImageSet Load(string folder, ImageFolderOptions? options = null, IProgress<StepProgress>? progress = null)
    {
        options ??= new ImageFolderOptions();
        progress ??= ProgressSink.Current;
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Size, 1);
        var root = Path.GetFullPath(folder);
        return LoadClasses(Path.GetFileName(root), root, ListClasses(root), options, progress);
    }

    /// <summary>Reads only these class folders, in this order.</summary>
    internal static ImageSet LoadClasses(string name, string folder, IReadOnlyList<string> classes, ImageFolderOptions options, IProgress<StepProgress> progress)
    {
        var root = Path.GetFullPath(folder);
        var files = classes.SelectMany((name, label) => ListFiles(root, ClassFolder(root, name)).Select(path => (Path: path, Label: (long)label))).ToList();
        CheckMemory(root, files.Count, options.Size);

        Torch.Load();
        using var scope = torch.NewDisposeScope();
        var images = torch.empty([files.Count, 3, options.Size, options.Size], torch.uint8);
        for (var i = 0; i < files.Count; i++)
        {
            using var step = torch.NewDisposeScope();
            images[i] = Fit(ImageFile.Read(files[i].Path, options.MaximumPixels), options.Size);
            progress.Report(new StepProgress($"reading {files.Count:N0} images", i + 1, files.Count, Path.GetFileName(files[i].Path)));
        }

        return new ImageSet(name, images, torch.tensor(files.Select(file => file.Label).ToArray()), classes);
    }

    private static string ClassFolder(string root, string name)
    {
        var folder = Path.Combine(root, name);
        return Directory.Exists(folder) ? folder : throw new FewShotException($"{folder} is missing: it should hold the images of the class '{name}'.");
    }

    /// <summary>uint8, 3 x H x W, to uint8, 3 x size x size.</summary>
    private static torch.Tensor Fit(torch.Tensor image, int size)
    {
        var resized = Resize.ShorterSide(image.unsqueeze(0).to(torch.float32), size, antialias: true);
        return Resize.CentreCrop(resized, size, size)[0].round().clamp(0, 255).to(torch.uint8);
    }

    private static List<string> ListClasses(string root)
    {
        if (!Directory.Exists(root))
            throw new FewShotException($"{root} is missing: give a folder that holds one folder of images for each class.");
        var stray = Directory.EnumerateFiles(root).Order(StringComparer.Ordinal).FirstOrDefault(path => HasImageName(path) && !IsSystems(path));
        if (stray is not null)
            throw new FewShotException($"{stray} lies beside the class folders, so it has no class: move it into the folder of its class.");
        var folders = Directory.EnumerateDirectories(root).Where(path => !IsSystems(path)).ToList();
        if (folders.Count == 0)
            throw new FewShotException($"{root} holds no folders: make one for each class and put its images there.");
        return [.. folders.Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
    }

    private static List<string> ListFiles(string root, string classFolder)
    {
        var files = new List<string>();
        var folders = new Stack<string>([classFolder]);
        while (folders.TryPop(out var folder))
        {
            if (new DirectoryInfo(folder).LinkTarget is { } target)
                throw new FewShotException($"{folder} is a link to {target}; linked folders are not followed: put the images themselves there.");
            foreach (var below in Directory.EnumerateDirectories(folder).Where(path => !IsSystems(path)))
                folders.Push(below);
            foreach (var file in Directory.EnumerateFiles(folder).Where(path => !IsSystems(path)))
            {
                CheckLink(root, file);
                if (!HasImageName(file))
                    throw new FewShotException($"{file} is not a {string.Join(", ", Extensions)} file: convert it, or move it out of the class folder.");
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
        if (target is null || !Path.GetFullPath(target).StartsWith(root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new FewShotException($"{file} is a link that leads out of {root}: put the image itself there.");
    }

    private static void CheckMemory(string root, int count, int size)
    {
        var needed = 3L * size * size * count;
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed > available)
            throw new FewShotException($"{root}: {count:N0} images of {size} x {size} pixels need {needed:N0} bytes of memory; there are {available:N0}. Choose a smaller {nameof(ImageFolderOptions.Size)}.");
    }

    private static bool HasImageName(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private static bool IsSystems(string path) =>
        Path.GetFileName(path) is var name
        && (name.StartsWith('.') || name.Equals("Thumbs.db", StringComparison.OrdinalIgnoreCase) || name.Equals("desktop.ini", StringComparison.OrdinalIgnoreCase));
}
