using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.CodeAnalysis;

namespace FewShot.Kernel.Packages;

/// <summary>
/// The documentation of the framework's own assemblies. It lies beside the assemblies that programs are compiled against, which the SDK
/// brings, and a type may lie in another of those than in those that programs run with. So all files are searched at each question,
/// the one of the same name first: their text is not kept. Where no SDK is installed there is no documentation.
/// </summary>
/// <param name="assembly">The name of the assembly that is asked about.</param>
/// <param name="folder">The SDK's assemblies to compile against, in a folder for each version.</param>
internal sealed class FrameworkDocumentation(string assembly, string folder) : DocumentationProvider
{
    /// <summary>The folder of the runtime's assemblies: (root)/shared/Microsoft.NETCore.App/(version)/.</summary>
    public static string Runtime { get; } = RuntimeEnvironment.GetRuntimeDirectory();

    /// <summary>The folder where the SDK of this runtime has its assemblies to compile against.</summary>
    public static string Pack { get; } = Path.GetFullPath(Path.Combine(Runtime, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref"));

    private string Assembly { get; } = assembly;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FrameworkDocumentation other && other.Assembly == Assembly;

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Assembly);

    /// <inheritdoc/>
    protected override string GetDocumentationForSymbol(
        string documentationMemberID, CultureInfo preferredCulture, CancellationToken cancellationToken = default)
    {
        try
        {
            return Files().Select(file => Find(file, documentationMemberID)).FirstOrDefault(text => text.Length > 0) ?? string.Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }

    /// <summary>The files of the newest version, in the order of the search.</summary>
    private IEnumerable<string> Files()
    {
        if (!Directory.Exists(folder))
            return [];
        var newest = Directory.GetDirectories(folder)
            .MaxBy(path => Version.TryParse(Path.GetFileName(path).Split('-')[0], out var version) ? version : null);
        return newest is null
            ? []
            : Directory.GetFiles(newest, "*.xml", SearchOption.AllDirectories)
                .OrderBy(path => Path.GetFileNameWithoutExtension(path) != Assembly)
                // Most of what is declared in one place and referenced in another is in this one.
                .ThenBy(path => Path.GetFileNameWithoutExtension(path) != "System.Runtime");
    }

    private static string Find(string file, string id)
    {
        var text = File.ReadAllBytes(file).AsSpan();
        var start = text.IndexOf(Encoding.UTF8.GetBytes($"<member name=\"{id}\">"));
        if (start < 0)
            return string.Empty;
        var end = "</member>"u8;
        var length = text[start..].IndexOf(end);
        return length < 0 ? string.Empty : Encoding.UTF8.GetString(text.Slice(start, length + end.Length));
    }
}
