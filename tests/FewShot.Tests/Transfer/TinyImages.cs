using FewShot.Data;
using TorchSharp;

namespace FewShot.Tests.Transfer;

/// <summary>Small images by formula, of classes that differ in brightness and pattern.</summary>
internal static class TinyImages
{
    public static ImageSet Make(int count, int classes = 2, int size = 8, int phase = 0, IReadOnlyList<string>? names = null)
    {
        var pixels = new byte[count * 3 * size * size];
        for (var i = 0; i < pixels.Length; i++)
        {
            int image = i / (3 * size * size), x = i % size;
            pixels[i] = (byte)((37 * ((i + phase) % 5)) + (90 * (image % classes) / classes) + (image % classes == 0 ? 3 * x : 0));
        }

        using var scope = torch.NewDisposeScope();
        return new ImageSet(
            "tiny images",
            torch.tensor(pixels, torch.uint8).reshape(count, 3, size, size).MoveToOuterDisposeScope(),
            torch.arange(count, torch.int64).remainder(classes).MoveToOuterDisposeScope(),
            names ?? [.. Enumerable.Range(0, classes).Select(c => $"class {c}")]);
    }
}
