using System.Security.Cryptography;
using FewShot.Data;
using FewShot.Runtime;

namespace FewShot.Tests.Data;

public class ArchiveDownloadTests
{
    private static readonly byte[] Archive = BoundedArchiveTests
        .TarGz(BoundedArchiveTests.File("set/a.bin", 5), BoundedArchiveTests.File("set/b.bin", 7))
        .ToArray();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Should_LeaveOnlyTheFolder_When_TheArchiveIsGood()
    {
        using var folder = new TemporaryFolder();
        using var server = new LocalServer(request => request.SendFileAsync(Archive));

        var path = await Data(folder, server, Archive).EnsureAsync("set", cancellation: Stop);

        Assert.Equal(folder.At("sets", "set"), path);
        Assert.Equal(["a.bin", "b.bin"], Directory.GetFiles(path).Select(Path.GetFileName).Order());
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.At("sets")));
    }

    [Fact]
    public async Task Should_LeaveNothingThatLooksWhole_When_AnEntryLeavesTheFolder()
    {
        using var folder = new TemporaryFolder();
        var bad = BoundedArchiveTests
            .TarGz(BoundedArchiveTests.File("set/a.bin", 5), BoundedArchiveTests.File("../../outside.bin", 7))
            .ToArray();
        using var server = new LocalServer(request => request.SendFileAsync(bad));

        var error = await Assert.ThrowsAsync<FewShotException>(() => Data(folder, server, bad).EnsureAsync("set", cancellation: Stop));

        Assert.Contains("set.tar.gz: entry '../../outside.bin' does not stay inside", error.Message, StringComparison.Ordinal);
        Assert.Equal([folder.At("sets", "set.set.tar.gz.part")], Directory.GetFileSystemEntries(folder.At("sets")));
    }

    [Fact]
    public async Task Should_SaySo_When_TheArchiveHoldsAnotherFolder()
    {
        using var folder = new TemporaryFolder();
        var other = BoundedArchiveTests.TarGz(BoundedArchiveTests.File("other/a.bin", 5)).ToArray();
        using var server = new LocalServer(request => request.SendFileAsync(other));

        var error = await Assert.ThrowsAsync<FewShotException>(() => Data(folder, server, other).EnsureAsync("set", cancellation: Stop));

        Assert.Contains("does not hold the folder set", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.At("sets", "set")));
    }

    [Fact]
    public async Task Should_UnpackFromTheStart_When_AnEarlierUnpackingWasInterrupted()
    {
        using var folder = new TemporaryFolder();
        using var server = new LocalServer(request => request.SendFileAsync(Archive));
        // As a killed program leaves it: the archive whole, the folder beside half filled.
        folder.Write("sets/set.set.tar.gz.part", Archive);
        folder.Write("sets/set.part/set/a.bin", [1]);
        var data = Data(folder, server, Archive);

        var path = await data.EnsureAsync("set", cancellation: Stop);

        Assert.Equal(5, new FileInfo(Path.Combine(path, "a.bin")).Length);
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.At("sets")));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Should_LeaveNoFolder_When_UnpackingIsCancelled()
    {
        using var folder = new TemporaryFolder();
        using var server = new LocalServer(request => request.SendFileAsync(Archive));
        using var cancel = new CancellationTokenSource();
        var progress = new CancelWhenUnpacking(cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Data(folder, server, Archive).EnsureAsync("set", progress, cancel.Token));

        Assert.Equal([folder.At("sets", "set.set.tar.gz.part")], Directory.GetFileSystemEntries(folder.At("sets")));
    }

    private static DataFolder Data(TemporaryFolder folder, LocalServer server, byte[] archive)
    {
        var entry = new ManifestEntry
        {
            Id = "set",
            Title = "Set",
            Address = server.Address("set.tar.gz"),
            Bytes = archive.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(archive)),
            Licence = "none",
            Kind = DownloadKind.TarGz,
            Target = "sets/set",
            ExtractedBytes = 1000,
            ExtractedFiles = 10,
        };
        return new DataFolder(folder.Root, new DataManifest([entry]), new DownloadOptions { Offline = false });
    }

    private sealed class CancelWhenUnpacking(CancellationTokenSource cancel) : IProgress<StepProgress>
    {
        public void Report(StepProgress value)
        {
            if (value.Activity.StartsWith("unpacking", StringComparison.Ordinal))
                cancel.Cancel();
        }
    }
}
