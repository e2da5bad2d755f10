using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using FewShot.Data;
using FewShot.Runtime;

namespace FewShot.Tests.Data;

public class BoundedArchiveTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Should_UnpackFilesAndFolders_When_TheTarIsOrdinary()
    {
        using var folder = new TemporaryFolder();
        Extract(TarGz(File("./set/a.bin", 5), Folder("./set/empty/"), File("set/deep/b.bin", 0)), DownloadKind.TarGz, folder);
        Assert.Equal(5, new FileInfo(folder.At("set", "a.bin")).Length);
        Assert.Equal(0, new FileInfo(folder.At("set", "deep", "b.bin")).Length);
        Assert.True(Directory.Exists(folder.At("set", "empty")));
    }

    [Fact]
    public void Should_UnpackFilesAndFolders_When_TheZipIsOrdinary()
    {
        using var folder = new TemporaryFolder();
        Extract(Zip(("set/", 0), ("set/a.bin", 5), ("set/deep/b.bin", 7)), DownloadKind.Zip, folder);
        Assert.Equal(5, new FileInfo(folder.At("set", "a.bin")).Length);
        Assert.Equal(7, new FileInfo(folder.At("set", "deep", "b.bin")).Length);
    }

    [Theory]
    [InlineData("../outside.bin")]
    [InlineData("set/../../outside.bin")]
    [InlineData("/tmp/outside.bin")]
    [InlineData("..\\outside.bin")]
    [InlineData("C:/outside.bin")]
    [InlineData("set//outside.bin")]
    public void Should_NameTheEntry_When_ItLeavesTheFolder(string name)
    {
        using var folder = new TemporaryFolder();
        var target = Directory.CreateDirectory(folder.At("target")).FullName;
        foreach (var (archive, kind) in new[] { (TarGz(File(name, 5)), DownloadKind.TarGz), (Zip((name, 5)), DownloadKind.Zip) })
        {
            var error = Assert.Throws<FewShotException>(() => BoundedArchive.Extract(archive, "bad", kind, target, 1000, 10, Stop));
            Assert.Contains($"bad: entry '{name}' does not stay inside", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFiles(folder.Root, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.CharacterDevice)]
    [InlineData(TarEntryType.Fifo)]
    public void Should_NameTheEntry_When_TheTarHoldsAnythingButFiles(TarEntryType type)
    {
        using var folder = new TemporaryFolder();
        var entry = new PaxTarEntry(type, "set/odd");
        if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
            entry.LinkName = "/etc/passwd";
        var error = Assert.Throws<FewShotException>(() => Extract(TarGz(entry), DownloadKind.TarGz, folder));
        Assert.Contains($"entry 'set/odd' is a {type}", error.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(folder.At("set", "odd")));
    }

    [Fact]
    public void Should_NameTheEntry_When_TheZipHoldsALink()
    {
        using var folder = new TemporaryFolder();
        var archive = Zip(zip =>
        {
            var entry = zip.CreateEntry("set/link");
            entry.ExternalAttributes = 0xA1FF << 16;
            using var stream = entry.Open();
            stream.Write(Encoding.UTF8.GetBytes("/etc/passwd"));
        });
        var error = Assert.Throws<FewShotException>(() => Extract(archive, DownloadKind.Zip, folder));
        Assert.Contains("entry 'set/link' is a link", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_AnEntryComesTwice()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<FewShotException>(() => Extract(TarGz(File("a", 1), File("a", 2)), DownloadKind.TarGz, folder));
        Assert.Contains("entry 'a' is there twice", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DownloadKind.TarGz)]
    [InlineData(DownloadKind.Zip)]
    public void Should_StopAtTheLimit_When_TheArchiveUnpacksToMore(DownloadKind kind)
    {
        using var folder = new TemporaryFolder();
        var archive = kind == DownloadKind.Zip ? Zip(("a", 600), ("b", 10_000_000)) : TarGz(File("a", 600), File("b", 10_000_000));
        var error = Assert.Throws<FewShotException>(() => BoundedArchive.Extract(archive, "bomb", kind, folder.Root, 1000, 10, Stop));
        Assert.Contains("bomb unpacks to more than the 1,000 bytes", error.Message, StringComparison.Ordinal);
        Assert.InRange(Directory.GetFiles(folder.Root).Sum(path => new FileInfo(path).Length), 0, 200_000);
    }

    [Theory]
    [InlineData(DownloadKind.TarGz)]
    [InlineData(DownloadKind.Zip)]
    public void Should_StopAtTheLimit_When_TheArchiveHoldsMoreEntries(DownloadKind kind)
    {
        using var folder = new TemporaryFolder();
        var archive = kind == DownloadKind.Zip ? Zip(("a", 1), ("b", 1), ("c", 1)) : TarGz(File("a", 1), File("b", 1), File("c", 1));
        var error = Assert.Throws<FewShotException>(() => BoundedArchive.Extract(archive, "many", kind, folder.Root, 1000, 2, Stop));
        Assert.Contains("many holds more than the 2 files and folders", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DownloadKind.TarGz)]
    [InlineData(DownloadKind.Zip)]
    public void Should_SayDamaged_When_TheArchiveIsCutShort(DownloadKind kind)
    {
        using var folder = new TemporaryFolder();
        var whole = kind == DownloadKind.Zip ? Zip(("a", 5000)) : TarGz(File("a", 5000));
        var half = new MemoryStream(whole.ToArray()[..(int)(whole.Length / 2)]);
        var error = Assert.Throws<FewShotException>(() => Extract(half, kind, folder));
        Assert.Contains("archive is damaged", error.Message, StringComparison.Ordinal);
    }

    internal static PaxTarEntry File(string name, int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content.AsSpan(0, Math.Min(length, 5000)));
        return new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) };
    }

    internal static MemoryStream TarGz(params TarEntry[] entries)
    {
        var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
        {
            foreach (var entry in entries)
                tar.WriteEntry(entry);
        }

        stream.Position = 0;
        return stream;
    }

    internal static MemoryStream Zip(params (string Name, int Length)[] files) => Zip(zip =>
    {
        foreach (var (name, length) in files)
        {
            using var stream = zip.CreateEntry(name).Open();
            stream.Write(new byte[length]);
        }
    });

    private static MemoryStream Zip(Action<ZipArchive> fill)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            fill(zip);
        stream.Position = 0;
        return stream;
    }

    private static PaxTarEntry Folder(string name) => new(TarEntryType.Directory, name);

    private static void Extract(Stream archive, DownloadKind kind, TemporaryFolder folder) =>
        BoundedArchive.Extract(archive, "archive", kind, folder.Root, 1_000_000, 100, Stop);
}
