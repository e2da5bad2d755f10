using System.Text.Json;
using TorchSharp;

namespace FewShot.Tests.Golden;

/// <summary>PyTorch's own numbers, made by the script of the same name beside this file.</summary>
internal static class GoldenFile
{
    public static JsonElement Read(string name)
    {
        using var stream = typeof(GoldenFile).Assembly.GetManifestResourceStream(name)!;
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }

    public static T[] Values<T>(this JsonElement element, string name) => element.GetProperty(name).Deserialize<T[]>()!;

    public static void ShouldEqual(this torch.Tensor found, float[] expected, double tolerance)
    {
        Assert.Equal(expected.Length, found.numel());
        using var flat = found.contiguous();
        var values = flat.data<float>().ToArray();
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(values[i] - expected[i]) <= tolerance, $"Value {i} is {values[i]}, not {expected[i]} within {tolerance}.");
    }
}
