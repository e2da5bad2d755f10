using FewShot.Runtime;
using FewShot.Tests.Data;

namespace FewShot.Tests.Runtime;

public sealed class NativeLoaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Should_NameTheFileAndTheSystemsCause_When_ALibraryIsDamaged()
    {
        var path = folder.Write("libdamaged.so", "not a library"u8.ToArray());
        var error = Assert.Throws<FewShotException>(() => NativeLoader.LoadFile(path));
        Assert.StartsWith($"The native library {path} does not load: ", error.Message, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
            Assert.Matches("invalid ELF header|file too short", error.Message);
    }

    [Fact]
    public void Should_NameTheMissingLibrary_When_ADependencyIsNotThere()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Reads the message of the Linux loader.");
        // TorchSharp's own library, with the name of one that it needs changed to one that nobody has.
        var published = Directory.EnumerateFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories).First();
        var bytes = File.ReadAllBytes(published);
        var at = bytes.AsSpan().IndexOf("libstdc++.so.6\0"u8);
        "libnobody"u8.CopyTo(bytes.AsSpan(at));
        var error = Assert.Throws<FewShotException>(() => NativeLoader.LoadFile(folder.Write("libneedy.so", bytes)));
        Assert.Contains("libnobody", error.Message, StringComparison.Ordinal);
    }
}
