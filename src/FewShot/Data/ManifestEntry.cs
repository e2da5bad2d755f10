using System.Text.Json.Serialization;

namespace FewShot.Data;

/// <summary>How a download becomes files.</summary>
public enum DownloadKind
{
    /// <summary>Kept as it comes.</summary>
    [JsonStringEnumMemberName("file")]
    File,

    /// <summary>A gzipped tar archive.</summary>
    [JsonStringEnumMemberName("tar.gz")]
    TarGz,

    /// <summary>A zip archive.</summary>
    [JsonStringEnumMemberName("zip")]
    Zip,
}

/// <summary>One download of <c>data/manifest.json</c>.</summary>
public sealed record ManifestEntry
{
    /// <summary>The name it is asked for by.</summary>
    public required string Id { get; init; }

    /// <summary>What it is, for outputs.</summary>
    public required string Title { get; init; }

    /// <summary>The publisher's address.</summary>
    public required Uri Address { get; init; }

    /// <summary>Other addresses of the same bytes, tried in order when the publisher's fails.</summary>
    public IReadOnlyList<Uri> Mirrors { get; init; } = [];

    /// <summary>The exact length of the download.</summary>
    public required long Bytes { get; init; }

    /// <summary>SHA-256 in lower-case hexadecimal; this or <see cref="Md5"/> must be there, and what is there is checked.</summary>
    public string? Sha256 { get; init; }

    /// <summary>MD5 in lower-case hexadecimal, where the publisher states one.</summary>
    public string? Md5 { get; init; }

    /// <summary>The terms it comes under.</summary>
    public required string Licence { get; init; }

    /// <summary>How it becomes files.</summary>
    public required DownloadKind Kind { get; init; }

    /// <summary>The file it becomes, or the folder an archive holds: a path in the data folder, with forward slashes.</summary>
    public required string Target { get; init; }

    /// <summary>The most bytes an archive may unpack to.</summary>
    public long ExtractedBytes { get; init; }

    /// <summary>The most files and folders an archive may hold.</summary>
    public int ExtractedFiles { get; init; }

    /// <summary>
    /// Where to download from, in order; <paramref name="hubEndpoint"/> (<c>HF_ENDPOINT</c>) comes before huggingface.co.
    /// </summary>
    internal IReadOnlyList<Uri> Addresses(string? hubEndpoint)
    {
        IEnumerable<Uri> addresses = [Address, .. Mirrors];
        if (Address.Host == "huggingface.co" && Uri.TryCreate(hubEndpoint?.TrimEnd('/'), UriKind.Absolute, out var hub))
            addresses = addresses.Prepend(new Uri(hub.AbsoluteUri.TrimEnd('/') + Address.PathAndQuery));
        return [.. addresses.Distinct()];
    }
}
