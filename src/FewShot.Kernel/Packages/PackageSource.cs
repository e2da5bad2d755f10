using System.Text.RegularExpressions;
using FewShot.Runtime;

namespace FewShot.Kernel.Packages;

/// <summary>A source of packages besides the configured ones: <c>#i "nuget: https://..."</c>, or a folder.</summary>
/// <param name="Place">An address, or a folder, relative to the notebook's.</param>
internal sealed partial record PackageSource(string Place)
{
    /// <summary>Reads what stands in the quotes; null where it is not as it must be.</summary>
    public static PackageSource? Read(string reference) =>
        Form().Match(reference) is { Success: true } match ? new PackageSource(match.Groups["place"].Value) : null;

    /// <summary>The source as NuGet takes it from any folder.</summary>
    /// <param name="folder">The notebook's.</param>
    /// <exception cref="FewShotException">There is no such folder.</exception>
    public string Absolute(string folder)
    {
        if (Address().IsMatch(Place))
            return Place;
        var path = Path.GetFullPath(Place, folder);
        return Directory.Exists(path) ? path : throw new FewShotException($"there is no folder {Place} to take packages from");
    }

    // NuGet takes a semicolon for the end of a source.
    [GeneratedRegex(@"^nuget:\s*(?<place>[^\s;][^;]*?)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Form();

    [GeneratedRegex("^https?://", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
