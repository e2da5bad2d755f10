using System.Text.Json;
using System.Text.Json.Serialization;
using FewShot.Runtime;

namespace FewShot.Data;

/// <summary>The downloads the course knows: <c>data/manifest.json</c>, carried inside the library.</summary>
public sealed class DataManifest
{
    private const string Name = "data/manifest.json";

    private static readonly Lazy<DataManifest> Carried = new(Load);

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter<DownloadKind>(namingPolicy: null, allowIntegerValues: false) },
    };

    internal DataManifest(IReadOnlyList<ManifestEntry> entries) => Entries = entries;

    /// <summary>The manifest of this version of the library.</summary>
    public static DataManifest Default => Carried.Value;

    /// <summary>Every download.</summary>
    public IReadOnlyList<ManifestEntry> Entries { get; }

    /// <summary>The download of this name.</summary>
    /// <exception cref="FewShotException">There is none.</exception>
    public ManifestEntry this[string id] => Entries.FirstOrDefault(entry => entry.Id == id)
        ?? throw new FewShotException($"{Name} lists no '{id}'; it lists {string.Join(", ", Entries.Select(entry => entry.Id))}.");

    /// <summary>Reads and checks a manifest.</summary>
    /// <exception cref="FewShotException">A field is missing, unknown, or holds what it must not; the message names it.</exception>
    internal static DataManifest Parse(Stream json)
    {
        List<ManifestEntry> entries;
        try
        {
            entries = JsonSerializer.Deserialize<ManifestFile>(json, Json)?.Entries ?? throw new FewShotException($"{Name} is empty.");
        }
        catch (JsonException e)
        {
            throw new FewShotException($"{Name} cannot be read: {e.Message}", e);
        }

        var ids = new HashSet<string>();
        foreach (var entry in entries)
        {
            Check(entry, ids.Add(entry.Id), "id", entry.Id, "an id of its own");
            foreach (var address in entry.Mirrors.Prepend(entry.Address))
                Check(entry, address.IsAbsoluteUri && address.Scheme == Uri.UriSchemeHttps, "address", address, "an https address");
            Check(entry, entry.Bytes > 0, "bytes", entry.Bytes, "a length above 0");
            Check(entry, entry.Sha256 is not null || entry.Md5 is not null, "sha256", null, "a digest, or an md5");
            Check(entry, entry.Sha256 is null || IsHex(entry.Sha256, 64), "sha256", entry.Sha256, "64 lower-case hexadecimal digits");
            Check(entry, entry.Md5 is null || IsHex(entry.Md5, 32), "md5", entry.Md5, "32 lower-case hexadecimal digits");
            Check(entry, EntryPath.IsInside(entry.Target), "target", entry.Target, "a path inside the data folder");
            Check(
                entry,
                entry.Kind == DownloadKind.File || entry is { ExtractedBytes: > 0, ExtractedFiles: > 0 },
                "extractedBytes",
                entry.ExtractedBytes,
                "limits for the archive (with extractedFiles)");
        }

        return new DataManifest(entries);
    }

    private static DataManifest Load()
    {
        using var json = typeof(DataManifest).Assembly.GetManifestResourceStream(Name)
            ?? throw new FewShotException($"{Name} is not inside FewShot.dll: build the library again.");
        return Parse(json);
    }

    private static bool IsHex(string text, int length) => text.Length == length && text.All(char.IsAsciiHexDigitLower);

    private static void Check(ManifestEntry entry, bool good, string field, object? found, string needed)
    {
        if (!good)
            throw new FewShotException($"{Name}: entry '{entry.Id}', field '{field}' is '{found}'; it must be {needed}.");
    }

    private sealed record ManifestFile(List<ManifestEntry> Entries);
}
