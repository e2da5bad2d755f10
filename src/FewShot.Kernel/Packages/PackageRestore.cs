using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FewShot.Runtime;

namespace FewShot.Kernel.Packages;

/// <summary>A file of a package, chosen by NuGet for this platform.</summary>
/// <param name="IsNative">False for an assembly.</param>
/// <param name="Package">The package's name.</param>
/// <param name="Path">Where it lies.</param>
internal sealed record PackageFile(bool IsNative, string Package, string Path);

/// <summary>
/// Fetches packages as every project does, by <c>dotnet msbuild -restore</c> of a project that is written for it and kept in the cache: the
/// same sources, credentials and folder of packages.
/// </summary>
/// <param name="folder">The notebook's: a NuGet.config there or above counts.</param>
/// <param name="cache">Where the projects are kept.</param>
internal sealed partial class PackageRestore(string folder, string cache)
{
    private const string Framework = "net10.0", ProjectName = "packages.csproj", ListName = "files.txt";

    /// <summary>The user's cache folder for it.</summary>
    public static string UsualCache => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "fewshot",
        "packages");

    /// <summary>The files of the packages and of all that they need.</summary>
    /// <param name="requests">The packages.</param>
    /// <param name="sources">Where to look besides the configured sources.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="FewShotException">NuGet cannot give them; the message is its own.</exception>
    public IReadOnlyList<PackageFile> Restore(
        IReadOnlyList<PackageRequest> requests, IReadOnlyList<string> sources, CancellationToken cancellation)
    {
        string[] parts =
            [Framework, folder, .. sources, .. requests.Select(request => $"{request.Id},{request.Version}".ToLowerInvariant())];
        var home = Path.Combine(cache, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..16]);
        var list = Path.Combine(home, ListName);
        try
        {
            if (requests.All(request => request.IsFixed) && Read(list) is { } known)
                return known;
            AtomicFile.WriteText(Path.Combine(home, ProjectName), Project(requests, sources).ToString());
            File.Delete(list);
            var output = Run(home, cancellation);
            return Read(list) ?? throw new FewShotException(Complaint(output));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FewShotException($"The folder for packages, {cache}, cannot be used: {e.Message}", e);
        }
    }

    /// <summary>What was written by an earlier restore, if all of it still lies there.</summary>
    private static List<PackageFile>? Read(string list)
    {
        if (!File.Exists(list))
            return null;
        var files = File.ReadAllLines(list).Select(line => line.Split('|')).Where(parts => parts.Length == 3)
            .Select(parts => new PackageFile(parts[0] == "native", parts[1], parts[2])).ToList();
        return files.All(file => File.Exists(file.Path)) ? files : null;
    }

    private static XElement Project(IReadOnlyList<PackageRequest> requests, IReadOnlyList<string> sources) => new(
        "Project",
        new XAttribute("Sdk", "Microsoft.NET.Sdk"),
        new XElement(
            "PropertyGroup",
            new XElement("TargetFramework", Framework),
            new XElement("RuntimeIdentifier", "$(NETCoreSdkPortableRuntimeIdentifier)"),
            new XElement("SelfContained", false),
            new XElement("RestoreAdditionalProjectSources", string.Join(';', sources.Select(Escaped))),
            // Not every registry has the data for an audit, and the cell does not ask for one.
            new XElement("NuGetAudit", false)),
        new XElement("ItemGroup", requests.Select(request => new XElement(
            "PackageReference", new XAttribute("Include", request.Id), new XAttribute("Version", request.Version)))),
        new XElement(
            "Target",
            new XAttribute("Name", "ListFiles"),
            new XAttribute("DependsOnTargets", "ResolvePackageAssets"),
            new XElement(
                "WriteLinesToFile",
                new XAttribute("File", ListName),
                new XAttribute("Overwrite", true),
                new XAttribute(
                    "Lines",
                    "complete;@(RuntimeCopyLocalItems->'managed|%(NuGetPackageId)|%(FullPath)');"
                    + "@(NativeCopyLocalItems->'native|%(NuGetPackageId)|%(FullPath)')"))));

    /// <summary>A text in which nothing means anything to MSBuild.</summary>
    private static string Escaped(string text) => SpecialCharacter().Replace(
        text, match => string.Create(CultureInfo.InvariantCulture, $"%{(int)match.Value[0]:X2}"));

    private string Run(string home, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(
            ThisProgram.Host,
            [
                "msbuild", ProjectName, "-restore", "-target:ListFiles",
                "-nologo", "-verbosity:quiet", "-nodeReuse:false", "-terminalLogger:off",
                $"-property:RestoreRootConfigDirectory={folder}",
                // Build files in the folders above the cache folder must not change this project.
                "-property:ImportDirectoryBuildProps=false",
                "-property:ImportDirectoryBuildTargets=false",
                "-property:ImportDirectoryPackagesProps=false",
            ])
        {
            WorkingDirectory = home,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        // Complaint reads the messages, and knows only the English ones.
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using var process = Process.Start(start) ?? throw new FewShotException($"{start.FileName} does not start.");
        process.StandardInput.Close();
        using var stop = cancellation.Register(() => process.Kill(entireProcessTree: true));
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = process.StandardOutput.ReadToEnd();
        output += errors.GetAwaiter().GetResult();
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        return output;
    }

    /// <summary>NuGet's own words, without the names of files that nobody knows.</summary>
    private static string Complaint(string output)
    {
        var errors = output.Split('\n').Select(line => ErrorLine().Match(line.Trim())).Where(match => match.Success)
            .Select(match => $"{match.Groups["code"].Value}: {match.Groups["message"].Value}".TrimStart(':', ' ')).Distinct().ToList();
        return errors.Count > 0 ? string.Join('\n', errors) : $"dotnet msbuild gave no list of files: {output.Trim()}";
    }

    [GeneratedRegex("[%$@;*?'()]")]
    private static partial Regex SpecialCharacter();

    [GeneratedRegex(@"\berror\s*(?<code>[A-Z]+\d+)?\s*:\s*(?<message>.*?)(\s*\[[^\[\]]*packages\.csproj\])?$")]
    private static partial Regex ErrorLine();
}
