using FewShot.Runtime;

namespace FewShot.Data;

/// <summary>
/// Where data sets and weights lie: the folder that <c>FEWSHOT_DATA</c> names, else the course's own <c>data/</c>. What is missing
/// there is downloaded into it, unless <c>FEWSHOT_OFFLINE</c> is 1.
/// </summary>
public sealed class DataFolder
{
    /// <summary>The variable that names the folder.</summary>
    public const string Variable = "FEWSHOT_DATA";

    private const string HubVariable = "HF_ENDPOINT";
    private const string ResNet18 = "resnet18.tv_in1k";
    private const string Cifar10Id = "cifar-10";
    private const string Cifar100Id = "cifar-100";
    private static readonly string[] OmniglotIds = ["omniglot-background", "omniglot-evaluation"];

    private readonly DownloadOptions options;
    private readonly DataManifest manifest;
    private readonly bool fromVariable;

    /// <summary>Uses this folder; it need not exist until something is downloaded into it.</summary>
    public DataFolder(string root, DownloadOptions? options = null)
        : this(root, DataManifest.Default, options)
    {
    }

    internal DataFolder(string root, DataManifest manifest, DownloadOptions? options = null, bool fromVariable = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        Root = Path.GetFullPath(root);
        this.manifest = manifest;
        this.options = options ?? new DownloadOptions();
        this.fromVariable = fromVariable;
    }

    /// <summary>
    /// The folder that <c>FEWSHOT_DATA</c> names; else the nearest <c>data/</c> that holds a <c>manifest.json</c>, looked for
    /// upward from the current folder and then from the program's own.
    /// </summary>
    /// <exception cref="FewShotException">The variable names no folder, or it is not set and no such <c>data/</c> is found.</exception>
    public static DataFolder Default
    {
        get
        {
            var variable = Environment.GetEnvironmentVariable(Variable);
            var root = Locate(variable, Environment.CurrentDirectory, AppContext.BaseDirectory);
            return new DataFolder(root, DataManifest.Default, fromVariable: !string.IsNullOrWhiteSpace(variable));
        }
    }

    /// <summary>Full path of the folder.</summary>
    public string Root { get; }

    private string Described => fromVariable ? $"the folder that {Variable} names" : "the data folder";

    /// <summary>The folder with CIFAR-10's binary files, or null where there is none.</summary>
    /// <exception cref="FewShotException">The folder is there, but not whole.</exception>
    public string? FindCifar10()
    {
        var folder = Path.Combine(Root, "cifar-10-batches-bin");
        if (!Directory.Exists(folder))
            return null;
        return Cifar10.IsIn(folder)
            ? folder
            : throw new FewShotException(
                $"{folder} does not hold all six files of CIFAR-10's binary version in their full length. " +
                "Remove the folder and download it again.");
    }

    /// <summary>
    /// The folder with both halves of the publisher's Omniglot, or null where one of them is missing: then there are the drawings
    /// of <see cref="Omniglot.LoadCarried"/>.
    /// </summary>
    public string? FindOmniglot() =>
        OmniglotIds.All(id => Directory.Exists(Path.Combine(Root, manifest[id].Target))) ? Path.Combine(Root, "omniglot") : null;

    /// <summary>
    /// The folder that <see cref="CifarFs"/> reads: <c>cifar-100-binary</c>, else the CIFAR-FS tree <c>cifar100</c>,
    /// or null where there is neither.
    /// </summary>
    /// <exception cref="FewShotException">The folder is there, but not whole.</exception>
    public string? FindCifarFs()
    {
        var folder = new[] { "cifar-100-binary", "cifar100" }.Select(name => Path.Combine(Root, name)).FirstOrDefault(Directory.Exists);
        return folder is null || CifarFs.IsIn(folder)
            ? folder
            : throw new FewShotException(
                $"{folder} holds neither train.bin and test.bin of CIFAR-100 in their full length nor the folder 'data' of CIFAR-FS. " +
                "Remove the folder and download it again.");
    }

    /// <summary>
    /// ResNet-18's ImageNet weights: the published <c>weights/resnet18.tv_in1k.safetensors</c>, else the first
    /// <c>weights/resnet18*.safetensors</c> by name, or null where there is none.
    /// </summary>
    public string? FindResNet18Weights()
    {
        var folder = Path.Combine(Root, "weights");
        if (!Directory.Exists(folder))
            return null;
        var published = Path.Combine(folder, "resnet18.tv_in1k.safetensors");
        return File.Exists(published)
            ? published
            : Directory.EnumerateFiles(folder, "resnet18*.safetensors").Order(StringComparer.Ordinal).FirstOrDefault();
    }

    /// <summary>CIFAR-10's folder, downloaded where it is missing; no path when it cannot be had.</summary>
    /// <inheritdoc cref="TryEnsureAsync"/>
    public async Task<DataResult> TryCifar10Async(IProgress<StepProgress>? progress = null, CancellationToken cancellation = default) =>
        FindCifar10() is { } folder
            ? Found(manifest[Cifar10Id].Title, folder)
            : await TryEnsureAsync(Cifar10Id, progress, cancellation);

    /// <summary>
    /// The folder of CIFAR-FS as <see cref="FindCifarFs"/> finds it, CIFAR-100 downloaded where there is none;
    /// no path when it cannot be had.
    /// </summary>
    /// <inheritdoc cref="TryEnsureAsync"/>
    public async Task<DataResult> TryCifarFsAsync(IProgress<StepProgress>? progress = null, CancellationToken cancellation = default) =>
        FindCifarFs() is { } folder
            ? Found("CIFAR-FS", folder)
            : await TryEnsureAsync(Cifar100Id, progress, cancellation);

    /// <summary>
    /// ResNet-18's weights as <see cref="FindResNet18Weights"/> finds them, downloaded where there are none;
    /// no path when they cannot be had.
    /// </summary>
    /// <inheritdoc cref="TryEnsureAsync"/>
    public async Task<DataResult> TryResNet18WeightsAsync(
        IProgress<StepProgress>? progress = null, CancellationToken cancellation = default) =>
        FindResNet18Weights() is { } file
            ? Found($"ResNet-18 weights ({Path.GetFileName(file)})", file)
            : await TryEnsureAsync(ResNet18, progress, cancellation);

    /// <summary>Finds or downloads what <c>data/manifest.json</c> lists under this id.</summary>
    /// <param name="id">An id of the manifest.</param>
    /// <param name="progress">Told of bytes; null for <see cref="ProgressSink.Current"/>.</param>
    /// <param name="cancellation">Stops; what has come is kept for the next time.</param>
    /// <returns>The file's or folder's path.</returns>
    /// <exception cref="FewShotException">The files are missing and cannot be downloaded, the folder cannot be written, or the
    /// archive breaks its bounds.</exception>
    public async Task<string> EnsureAsync(string id, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        var result = await TryEnsureAsync(id, progress, cancellation);
        return result.Path ?? throw new FewShotException(result.Sentence);
    }

    /// <summary>
    /// As <see cref="EnsureAsync"/>, but a download that fails (no network, no such file, a wrong digest, a folder that cannot be written)
    /// gives a result without a path.
    /// </summary>
    /// <inheritdoc cref="EnsureAsync"/>
    /// <exception cref="FewShotException">The archive breaks its bounds.</exception>
    public async Task<DataResult> TryEnsureAsync(
        string id, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        var entry = manifest[id];
        var target = Path.Combine(Root, entry.Target);
        if (Path.Exists(target))
            return Found(entry.Title, target);
        if (options.Offline)
            return Missing(entry, $"downloads are forbidden ({DownloadOptions.OfflineVariable}=1)");
        try
        {
            return await DownloadAsync(entry, target, progress ?? ProgressSink.Current, cancellation)
                ? new DataResult(target, $"{entry.Title} was downloaded from {entry.Address.Host} or a mirror, and its digest is right.")
                : Found(entry.Title, target);
        }
        catch (DownloadFailedException e)
        {
            return Missing(entry, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Missing(
                entry,
                $"it cannot be written into {Root} ({e.Message.TrimEnd('.')}); " +
                $"make room or make the folder writable, or set {Variable} to another folder");
        }
    }

    internal static string Locate(string? variable, params string[] starts)
    {
        if (!string.IsNullOrWhiteSpace(variable))
        {
            return Directory.Exists(variable)
                ? variable
                : throw new FewShotException(
                    $"{Variable} is '{variable}', but there is no such folder. " +
                    "Make it, correct the path, or unset the variable to use the course's own data folder.");
        }

        foreach (var start in starts)
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var data = Path.Combine(folder.FullName, "data");
                if (File.Exists(Path.Combine(data, "manifest.json")))
                    return data;
            }
        }

        throw new FewShotException(
            "There is no data folder: run inside a copy of the course (it has data/manifest.json), " +
            $"or set {Variable} to a folder of your own.");
    }

    /// <returns>False when another program brought it meanwhile.</returns>
    private async Task<bool> DownloadAsync(
        ManifestEntry entry, string target, IProgress<StepProgress> progress, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var partPath = $"{target}{(entry.Kind == DownloadKind.File ? string.Empty : "." + entry.Address.Segments[^1])}.part";
        using var alone =
            await DownloadLock.TakeAsync(entry.Title, target, partPath, options.OtherProgramTimeout, progress, cancellation);
        if (Path.Exists(target))
            return false;
        var useless = false;
        try
        {
            await using var part = OpenAlone(entry, partPath);
            try
            {
                var addresses = entry.Addresses(Environment.GetEnvironmentVariable(HubVariable));
                await new Downloader(options).DownloadAsync(entry, addresses, part, progress, cancellation);
                if (entry.Kind != DownloadKind.File)
                    Unpack(entry, part, target, progress, cancellation);
            }
            finally
            {
                useless = part.Length == 0;
            }
        }
        finally
        {
            if (useless)
                File.Delete(partPath);
        }

        if (entry.Kind == DownloadKind.File)
            File.Move(partPath, target, overwrite: true);
        else
            File.Delete(partPath);
        return true;
    }

    /// <summary>Opens what has come so far; where some other program has it open, the two would mix their bytes.</summary>
    private static FileStream OpenAlone(ManifestEntry entry, string partPath)
    {
        try
        {
            return new FileStream(
                partPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        }
        catch (IOException e) when (File.Exists(partPath))
        {
            throw new DownloadFailedException(
                $"another program keeps {Path.GetFileName(partPath)} open: end it, then try again", inner: e);
        }
    }

    /// <summary>Unpacks beside the target and renames, so that the target is there whole or not at all.</summary>
    private static void Unpack(
        ManifestEntry entry, FileStream archive, string target, IProgress<StepProgress> progress, CancellationToken cancellation)
    {
        var name = entry.Address.Segments[^1];
        var beside = target + ".part";
        if (Directory.Exists(beside))
            Directory.Delete(beside, recursive: true);
        Directory.CreateDirectory(beside);
        try
        {
            progress.Report(new StepProgress($"unpacking {entry.Title}", 0, 1));
            archive.Position = 0;
            BoundedArchive.Extract(archive, name, entry.Kind, beside, entry.ExtractedBytes, entry.ExtractedFiles, cancellation);
            var inside = Path.Combine(beside, Path.GetFileName(target));
            if (!Directory.Exists(inside))
            {
                throw new FewShotException(
                    $"{name} does not hold the folder {Path.GetFileName(target)}: it is not the archive that data/manifest.json means.");
            }

            Directory.Move(inside, target);
            progress.Report(new StepProgress($"unpacking {entry.Title}", 1, 1));
        }
        finally
        {
            Directory.Delete(beside, recursive: true);
        }
    }

    private DataResult Found(string title, string path) => new(path, $"{title}: in {Described}.");

    private DataResult Missing(ManifestEntry entry, string cause) =>
        new(null, $"{entry.Title} is not in {Described} ({entry.Target}) and cannot be downloaded: {cause}.");
}
