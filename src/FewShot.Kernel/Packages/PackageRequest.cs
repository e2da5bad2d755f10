using System.Text.RegularExpressions;

namespace FewShot.Kernel.Packages;

/// <summary>A package that a cell asks for: <c>#r "nuget: Id, version"</c>.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Version">A version or a range of NuGet's; <c>*</c>, the latest, where the cell names none.</param>
internal sealed partial record PackageRequest(string Id, string Version)
{
    private const string Latest = "*";

    /// <summary>Whether a directive asks for a package at all.</summary>
    public static bool IsOne(string reference) => reference.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads what stands in the quotes; null where it is not as it must be.</summary>
    public static PackageRequest? Read(string reference) => Form().Match(reference) is { Success: true } match
        ? new PackageRequest(match.Groups["id"].Value, match.Groups["version"] is { Success: true } version ? version.Value.Trim() : Latest)
        : null;

    /// <summary>Whether every restore of it gives the same.</summary>
    public bool IsFixed => !Version.Contains('*', StringComparison.Ordinal);

    // These characters mean nothing to MSBuild, to whom they are passed on.
    [GeneratedRegex(
        @"^nuget:\s*(?<id>[A-Za-z0-9_.-]{1,100})\s*(,\s*(?<version>[0-9*\[(][A-Za-z0-9.*+\-\[\](), ]{0,99}))?$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Form();
}
