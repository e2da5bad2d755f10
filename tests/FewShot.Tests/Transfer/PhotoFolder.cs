using FewShot.Runtime;
using FewShot.Tests.Data;
using SkiaSharp;

namespace FewShot.Tests.Transfer;

/// <summary>A folder of class folders with small photos by formula: each class has its colour, each photo its shade and its size.</summary>
internal sealed class PhotoFolder : IDisposable
{
    private static readonly SKColor[] Colours =
        [new(200, 60, 60), new(60, 190, 70), new(70, 80, 200), new(200, 190, 70), new(120, 60, 160), new(60, 180, 190)];

    private readonly TemporaryFolder folder = new();

    public string Root => folder.At("photos");

    /// <summary>Writes photos; a colour is given by its number.</summary>
    public PhotoFolder With(string className, int count, int colour, int first = 0)
    {
        for (var i = first; i < first + count; i++)
            folder.Write(Path.Combine("photos", className, $"{i:000}.png"), Photo(Colours[colour], (100L * colour) + i));
        return this;
    }

    /// <summary>The files of a class, in order.</summary>
    public IReadOnlyList<string> Files(string className) =>
        [.. Directory.GetFiles(Path.Combine(Root, className)).Order(StringComparer.Ordinal)];

    public string At(string name) => folder.At(name);

    public string Write(string name, byte[] content) => folder.Write(name, content);

    public void Dispose() => folder.Dispose();

    private static byte[] Photo(SKColor colour, long seed)
    {
        var random = new StableRandom(seed);
        var (width, height) = (40 + random.Next(12), 36 + random.Next(12));
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        byte Shade(byte value, double light) => (byte)Math.Clamp(value + light, 0, 255);
        var light = random.Uniform(-25, 25);
        for (var y = 0; y < bitmap.Height; y++)
        {
            for (var x = 0; x < bitmap.Width; x++)
            {
                var grain = light + random.Uniform(-20, 20);
                bitmap.SetPixel(x, y, new SKColor(Shade(colour.Red, grain), Shade(colour.Green, grain + x), Shade(colour.Blue, grain - x)));
            }
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
