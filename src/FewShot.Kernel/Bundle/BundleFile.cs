using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using FewShot.Runtime;

namespace FewShot.Kernel.Bundle;

/// <summary>
/// The course in one file for a room without a network: an ordinary zip with the repository's files, the packages that its build needs,
/// the site, and SHA256SUMS, which <c>sha256sum -c</c> reads, too.
/// </summary>
internal static class BundleFile
{
    /// <summary>The digests of all other files.</summary>
    public const string Sums = "SHA256SUMS";

    /// <summary>The repository's files; the settings beside them let NuGet look into <see cref="Packages"/> alone.</summary>
    public const string Course = "course";

    public const string Packages = "packages";

    public const string Site = "site";

    private const int MostFiles = 20_000;
    private const long MostBytes = 6L << 30;

    private const string Settings = """
        <?xml version="1.0" encoding="utf-8"?>
        <!-- Written by "fewshot bundle": the build asks no server for packages. -->
        <configuration>
          <packageSources>
            <clear />
            <add key="bundle" value="../packages" />
          </packageSources>
          <auditSources>
            <clear />
          </auditSources>
        </configuration>

        """;

    /// <summary>Makes a bundle.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="root">The top of the repository.</param>
    /// <param name="files">Its files, relative to it.</param>
    /// <param name="packages">Packages.</param>
    /// <param name="site">The folder of a published site.</param>
    /// <param name="progress">Told of every file.</param>
    /// <param name="cancellation">Stops it; nothing is left then.</param>
    /// <returns>The number of files and the digest of the bundle itself.</returns>
    public static (int Files, string Digest) Write(
        string path,
        string root,
        IReadOnlyList<string> files,
        IReadOnlyList<string> packages,
        string site,
        IProgress<StepProgress> progress,
        CancellationToken cancellation)
    {
        var entries = files.Select(file => (From: Path.Combine(root, file), Name: $"{Course}/{file}"))
            .Concat(packages.Select(package => (From: package, Name: $"{Packages}/{Path.GetFileName(package)}")))
            .Concat(Directory.EnumerateFiles(site, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select(page => (From: page, Name: $"{Site}/{Path.GetRelativePath(site, page).Replace('\\', '/')}")))
            .ToList();
        var sums = new StringBuilder();
        AtomicFile.Write(path, stream =>
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach (var (number, (from, name)) in entries.Index())
            {
                cancellation.ThrowIfCancellationRequested();
                using var content = File.OpenRead(from);
                Add(zip, sums, name, content, Mode(from));
                progress.Report(new StepProgress("files into the bundle", number + 1, entries.Count));
            }

            using var settings = new MemoryStream(Encoding.UTF8.GetBytes(Settings));
            Add(zip, sums, $"{Course}/nuget.config", settings, default);
            using var last = zip.CreateEntry(Sums).Open();
            last.Write(Encoding.UTF8.GetBytes(sums.ToString()));
        });
        using var written = File.OpenRead(path);
        return (entries.Count + 2, Convert.ToHexStringLower(SHA256.HashData(written)));
    }

    /// <summary>Puts a bundle's content into a folder once every digest is right; nothing is left otherwise.</summary>
    /// <param name="path">The bundle.</param>
    /// <param name="folder">A folder that is not there yet, or is empty.</param>
    /// <param name="progress">Told of every file.</param>
    /// <param name="cancellation">Stops it; nothing is left then.</param>
    /// <returns>How many files there are.</returns>
    /// <exception cref="FewShotException">The file is no bundle, is damaged, or the folder is in use.</exception>
    public static int Install(string path, string folder, IProgress<StepProgress> progress, CancellationToken cancellation)
    {
        if (!File.Exists(path))
            throw new FewShotException($"{path}: there is no such file.");
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            throw new FewShotException($"{folder} is there already. Choose a new folder with --to.");
        var building = $"{Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))}.{Environment.ProcessId}.partial";
        try
        {
            using var stream = File.OpenRead(path);
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
            var sums = ReadSums(zip, path);
            foreach (var (number, entry) in zip.Entries.Where(entry => entry.FullName != Sums).Index())
            {
                cancellation.ThrowIfCancellationRequested();
                if (!sums.Remove(entry.FullName, out var expected))
                    throw new FewShotException($"{path}: {entry.FullName} has no line in {Sums} or is there twice. {Again}");
                Extract(entry, Path.Combine(building, entry.FullName), expected, path);
                progress.Report(new StepProgress("files checked and unpacked", number + 1, zip.Entries.Count - 1));
            }

            if (sums.Count > 0)
                throw new FewShotException($"{path}: {sums.Keys.Order(StringComparer.Ordinal).First()} is missing. {Again}");
            zip.GetEntry(Sums)!.ExtractToFile(Path.Combine(building, Sums));
            if (Directory.Exists(folder))
                Directory.Delete(folder);
            Directory.Move(building, folder);
            return zip.Entries.Count - 1;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new FewShotException($"{path} is not a whole bundle of the course: {e.Message.TrimEnd('.')}. {Again}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FewShotException($"{folder} cannot be written: {e.Message.TrimEnd('.')}. Make room or choose another with --to.", e);
        }
        finally
        {
            if (Directory.Exists(building))
                Directory.Delete(building, recursive: true);
        }
    }

    private static string Again => "Copy the bundle again from whom you have it.";

    /// <summary>Who may read, write and start a file; 0 where the system has no such thing.</summary>
    private static int Mode(string file) => OperatingSystem.IsWindows() ? 0 : (int)File.GetUnixFileMode(file);

    private static void Add(ZipArchive zip, StringBuilder sums, string name, Stream content, int mode)
    {
        // Packages are compressed already.
        var isPackage = name.EndsWith(".nupkg", StringComparison.Ordinal);
        var entry = zip.CreateEntry(name, isPackage ? CompressionLevel.NoCompression : CompressionLevel.Optimal);
        entry.ExternalAttributes = mode << 16;
        using var target = entry.Open();
        using var digest = SHA256.Create();
        using (var both = new CryptoStream(target, digest, CryptoStreamMode.Write, leaveOpen: true))
            content.CopyTo(both);
        sums.Append(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(digest.Hash!)}  {name}\n");
    }

    /// <summary>File name to digest, each name inside the folder.</summary>
    private static Dictionary<string, string> ReadSums(ZipArchive zip, string path)
    {
        if (zip.Entries.Count > MostFiles || zip.Entries.Sum(entry => entry.Length) > MostBytes)
            throw new FewShotException($"{path} holds more than a bundle of the course does. {Again}");
        var list = zip.GetEntry(Sums) ?? throw new FewShotException($"{path} is no bundle of the course: it has no {Sums}. {Again}");
        using var reader = new StreamReader(list.Open());
        var sums = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            var name = line.Length > 66 ? line[66..] : string.Empty;
            if (name.Length == 0 || name.Contains('\\') || Path.IsPathRooted(name) || name.Split('/').Any(part => part is "" or "." or "..")
                || !sums.TryAdd(name, line[..64]))
            {
                throw new FewShotException($"{path}: {Sums} holds the line \"{line[..Math.Min(90, line.Length)]}\". {Again}");
            }
        }

        return sums;
    }

    private static void Extract(ZipArchiveEntry entry, string target, string expected, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        using (var content = entry.Open())
        using (var file = new FileStream(target, FileMode.CreateNew, FileAccess.Write))
            content.CopyTo(file);
        using var written = File.OpenRead(target);
        if (!Convert.ToHexStringLower(SHA256.HashData(written)).Equals(expected, StringComparison.OrdinalIgnoreCase))
            throw new FewShotException($"{path}: {entry.FullName} is damaged: its SHA-256 is not the one in {Sums}. {Again}");
        if (!OperatingSystem.IsWindows() && (entry.ExternalAttributes >> 16) is var mode and > 0)
            File.SetUnixFileMode(target, (UnixFileMode)(mode & 0x1ED) | UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
