using System.Security.Cryptography;
using System.Text;

namespace FewShot.Transfer;

/// <summary>What features were made from. Equal sources give equal features, up to rounding that depends on threads and chunks.</summary>
/// <param name="Data">SHA-256 of the images and labels; of a part of a bank "part " and a digest of what it is a part of and which.</param>
/// <param name="Weights">SHA-256 of the backbone's weights.</param>
/// <param name="Preprocessing">How pixels became input.</param>
/// <param name="Views">Which views of each image there are.</param>
/// <param name="Device">What computed: "cpu" or "cuda".</param>
public sealed record FeatureSource(string Data, string Weights, string Preprocessing, string Views, string Device)
{
    /// <summary>Begins <see cref="Views"/> of texts.</summary>
    internal const string OfText = "text";

    // Raise it when the meaning of stored features changes.
    private const string Format = "FewShot features 1";

    /// <summary>
    /// Begins <see cref="Data"/> of a part of a bank, whose digest is not that of the same images selected from their set.
    /// </summary>
    internal const string Selection = "part ";

    /// <summary>SHA-256 over all of it, in hexadecimal: the name of a cache file.</summary>
    public string Digest => Hash(Format, Data, Weights, Preprocessing, Views, Device);

    /// <summary>What one example is called: "text" or "image".</summary>
    internal string Example => Views.StartsWith(OfText, StringComparison.Ordinal) ? OfText : "image";

    /// <summary>SHA-256 of the images and labels, where it is known: it is not for a part of a bank.</summary>
    internal string? Images => Data.StartsWith(Selection, StringComparison.Ordinal) ? null : Data;

    /// <summary>SHA-256, in hexadecimal, of texts of which none holds a line break.</summary>
    internal static string Hash(params IEnumerable<string> texts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', texts))));
}
