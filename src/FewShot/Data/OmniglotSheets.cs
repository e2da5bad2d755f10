using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Data;

/// <summary>
/// The drawings that travel inside the library (<c>data/omniglot/sheets</c>): one picture for each alphabet, black on white, with a
/// row for each character and its 20 drawings in the row.
/// </summary>
internal static class OmniglotSheets
{
    private const int Width = Omniglot.DrawingsPerCharacter * Omniglot.Side;

    /// <summary>SHA-256 of all drawings as <see cref="ImageSet.Digest"/> counts it.</summary>
    private const string Digest = "0a6714a8e78c9a0f6b703f1fb40d4683dc0a0286edbb6c3a9ba85032e6a595f8";

    /// <summary>All drawings, as <see cref="Omniglot.Load(string, IProgress{StepProgress}?)"/> gives them.</summary>
    /// <exception cref="FewShotException">A sheet is missing, has not the size that its alphabet needs, or other pixels
    /// than were published.</exception>
    public static ImageSet Read()
    {
        Torch.Load();
        using var scope = torch.NewDisposeScope();
        // Ordinal order keeps the characters of an alphabet together.
        var alphabets = Omniglot.CharacterNames.CountBy(name => name[..name.LastIndexOf('/')]).ToArray();
        var images = torch.cat([.. alphabets.Select(alphabet => Alphabet(alphabet.Key, alphabet.Value))]);
        var labels = torch.arange(Omniglot.CharacterNames.Count, torch.int64).repeat_interleave(Omniglot.DrawingsPerCharacter);
        var set = new ImageSet("Omniglot", images, labels, Omniglot.CharacterNames);
        if (set.Digest == Digest)
            return set;
        set.Dispose();
        throw new FewShotException(
            $"The drawings inside FewShot.dll are not Omniglot's: their digest is {set.Digest}. " +
            "Restore data/omniglot/sheets and build again.");
    }

    /// <summary>uint8, (20 x characters) x 1 x 28 x 28, ink 255 on 0.</summary>
    private static torch.Tensor Alphabet(string name, int characters)
    {
        var resource = $"omniglot/{name}.png";
        using var stream = typeof(OmniglotSheets).Assembly.GetManifestResourceStream(resource)
            ?? throw new FewShotException($"{resource} is not inside FewShot.dll: build the library again.");
        using var sheet = ImageFile.Read(stream, resource, (long)Width * characters * Omniglot.Side);
        if (sheet.shape[1] != characters * Omniglot.Side || sheet.shape[2] != Width)
        {
            throw new FewShotException(
                $"{resource} has {sheet.shape[2]} x {sheet.shape[1]} pixels; " +
                $"{characters} characters need {Width} x {characters * Omniglot.Side}.");
        }

        return (255 - sheet[0])
            .view(characters, Omniglot.Side, Omniglot.DrawingsPerCharacter, Omniglot.Side)
            .transpose(1, 2).reshape(-1, 1, Omniglot.Side, Omniglot.Side);
    }
}
