using System.Diagnostics;
using System.Security.Cryptography;
using FewShot.Data;
using FewShot.Runtime;

namespace FewShot.Tests.Data;

public class DownloadTests
{
    private static readonly byte[] Content = MakeContent(3_000_000);

    private static readonly DownloadOptions Quick = new() { Offline = false, RetryDelay = TimeSpan.FromMilliseconds(1) };

    // Long enough for a loaded machine to start its first request.
    private static readonly DownloadOptions Impatient = Quick with { NoProgressTimeout = TimeSpan.FromSeconds(2), Retries = 1 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Should_WriteTheFile_When_TheServerIsGood()
    {
        using var folder = new TemporaryFolder();
        using var server = new LocalServer(request => request.SendFileAsync(Content));

        var path = await Folder(folder, server).EnsureAsync("thing", cancellation: Stop);

        Assert.Equal(folder.At("things", "thing.bin"), path);
        Assert.Equal(Content, File.ReadAllBytes(path));
        Assert.Equal([path], AllFiles(folder));
    }

    [Fact]
    public async Task Should_AskNoServer_When_TheFileIsThere()
    {
        using var folder = new TemporaryFolder();
        using var server = new LocalServer(request => request.SendFileAsync(Content));
        folder.Write("things/thing.bin", [1]);

        await Folder(folder, server).EnsureAsync("thing", cancellation: Stop);

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Should_GoOnWhereItStopped_When_TheConnectionBreaksHalfWay()
    {
        using var folder = new TemporaryFolder();
        using var server = new LocalServer(request => request.SendFileAsync(Content, breakAfter: request.From is null ? 1_500_000 : null));

        var path = await Folder(folder, server).EnsureAsync("thing", cancellation: Stop);

        Assert.Equal(Content, File.ReadAllBytes(path));
        Assert.Equal([null, 1_500_000], server.Requests.Select(request => request.From));
    }

    [Fact]
    public async Task Should_KeepWhatCameForTheNextRun_When_TheConnectionKeepsBreaking()
    {
        using var folder = new TemporaryFolder();
        var broken = true;
        using var server = new LocalServer(request => request.SendFileAsync(Content, breakAfter: broken ? 1_000_000 : null));
        var data = Folder(folder, server, Quick with { Retries = 1 });

        var result = await data.TryEnsureAsync("thing", cancellation: Stop);

        Assert.Null(result.Path);
        Assert.Contains("after 2,000,000 of 3,000,000 bytes (they are kept", result.Sentence, StringComparison.Ordinal);
        Assert.Equal(Content[..2_000_000], File.ReadAllBytes(Assert.Single(AllFiles(folder))));

        broken = false;
        var path = await data.EnsureAsync("thing", cancellation: Stop);
        Assert.Equal(2_000_000, server.Requests[^1].From);
        Assert.Equal(Content, File.ReadAllBytes(path));
    }

    [Fact]
    public async Task Should_StartAgain_When_TheServerIgnoresRanges()
    {
        using var folder = new TemporaryFolder();
        using var server = new LocalServer(
            request => request.SendFileAsync(Content, breakAfter: request.From is null ? 1_500_000 : null, ranges: false));

        var path = await Folder(folder, server).EnsureAsync("thing", cancellation: Stop);

        Assert.Equal(Content, File.ReadAllBytes(path));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Should_StartAgain_When_WhatWasKeptIsDamaged()
    {
        using var folder = new TemporaryFolder();
        folder.Write("things/thing.bin.part", new byte[700_000]);
        using var server = new LocalServer(request => request.SendFileAsync(Content));

        var path = await Folder(folder, server).EnsureAsync("thing", cancellation: Stop);

        Assert.Equal(Content, File.ReadAllBytes(path));
        Assert.Equal([700_000, null], server.Requests.Select(request => request.From));
    }

    [Fact]
    public async Task Should_StartAgain_When_MoreWasKeptThanTheFileHas()
    {
        using var folder = new TemporaryFolder();
        folder.Write("things/thing.bin.part", new byte[Content.Length + 1]);
        using var server = new LocalServer(request => request.SendFileAsync(Content));

        var path = await Folder(folder, server).EnsureAsync("thing", cancellation: Stop);

        Assert.Equal(Content, File.ReadAllBytes(path));
    }

    [Fact]
    public async Task Should_RemoveTheFileAndNameBothDigests_When_TheDigestIsWrong()
    {
        using var folder = new TemporaryFolder();
        var other = MakeContent(Content.Length, seed: 2);
        using var server = new LocalServer(request => request.SendFileAsync(other));

        var error = await Assert.ThrowsAsync<FewShotException>(() => Folder(folder, server).EnsureAsync("thing", cancellation: Stop));

        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(other)), error.Message, StringComparison.Ordinal);
        Assert.Contains($"{Convert.ToHexStringLower(SHA256.HashData(Content))} is listed", error.Message, StringComparison.Ordinal);
        Assert.Empty(AllFiles(folder));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Should_CheckThePublishersMd5_When_ThatIsAllThereIs()
    {
        using var folder = new TemporaryFolder();
        using var server = new LocalServer(request => request.SendFileAsync(MakeContent(Content.Length, seed: 2)));
        var entry = Entry(server) with { Sha256 = null, Md5 = Convert.ToHexStringLower(MD5.HashData(Content)) };

        var result = await new DataFolder(folder.Root, new DataManifest([entry]), Quick).TryEnsureAsync("thing", cancellation: Stop);

        Assert.Contains("MD5", result.Sentence, StringComparison.Ordinal);
        Assert.Empty(AllFiles(folder));
    }

    [Fact]
    public async Task Should_NameTheStatus_When_TheServerAnswers404()
    {
        using var folder = new TemporaryFolder();
        using var server = new LocalServer(request => request.HeadAsync("404 Not Found", "Content-Length: 0"));

        var error = await Assert.ThrowsAsync<FewShotException>(() => Folder(folder, server).EnsureAsync("thing", cancellation: Stop));

        Assert.EndsWith("cannot be downloaded: 127.0.0.1 answers 404 (Not Found) for /thing.", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
        Assert.Empty(AllFiles(folder));
    }

    [Fact]
    public async Task Should_TryAgain_When_TheServerIsBusy()
    {
        using var folder = new TemporaryFolder();
        var busy = 2;
        using var server = new LocalServer(request =>
            busy-- > 0 ? request.HeadAsync("503 Service Unavailable", "Content-Length: 0") : request.SendFileAsync(Content));

        await Folder(folder, server).EnsureAsync("thing", cancellation: Stop);

        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Should_TakeTheMirror_When_ThePublisherHasItNoMore()
    {
        using var folder = new TemporaryFolder();
        using var server = new LocalServer(request =>
            request.Path == "/mirror" ? request.SendFileAsync(Content) : request.HeadAsync("410 Gone", "Content-Length: 0"));
        var entry = Entry(server) with { Mirrors = [server.Address("mirror")] };

        var path = await new DataFolder(folder.Root, new DataManifest([entry]), Quick).EnsureAsync("thing", cancellation: Stop);

        Assert.Equal(Content, File.ReadAllBytes(path));
    }

    [Fact]
    public async Task Should_GiveUp_When_TheServerNeverAnswers()
    {
        using var folder = new TemporaryFolder();
        using var server = new LocalServer(request => Task.Delay(Timeout.Infinite, request.Stop));
        var clock = Stopwatch.StartNew();

        var result = await Folder(folder, server, Impatient).TryEnsureAsync("thing", cancellation: Stop);

        Assert.Contains("127.0.0.1 did not answer within 2 s", result.Sentence, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Should_GiveUpAndKeepWhatCame_When_TheServerFallsSilent()
    {
        using var folder = new TemporaryFolder();
        using var server = new LocalServer(async request =>
        {
            await request.SendFileAsync(Content, breakAfter: request.From is null ? 1_000_000 : 0);
            await Task.Delay(Timeout.Infinite, request.Stop);
        });

        var result = await Folder(folder, server, Impatient).TryEnsureAsync("thing", cancellation: Stop);

        Assert.Contains("127.0.0.1 sent nothing for 2 s after 1,000,000 of 3,000,000 bytes", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_TakeNoMoreThanListed_When_TheServerSendsWithoutEnd()
    {
        using var folder = new TemporaryFolder();
        var sent = 0L;
        using var server = new LocalServer(async request =>
        {
            await request.HeadAsync("200 OK");
            while (true)
            {
                await request.SendAsync(Content);
                sent += Content.Length;
            }
        });

        var result = await Folder(folder, server).TryEnsureAsync("thing", cancellation: Stop);

        Assert.Contains("sends more than the 3,000,000 bytes", result.Sentence, StringComparison.Ordinal);
        Assert.InRange(sent, 0, 20 * Content.Length);
        Assert.Empty(AllFiles(folder));
    }

    [Fact]
    public async Task Should_TakeNothing_When_AnotherLengthIsOffered()
    {
        using var folder = new TemporaryFolder();
        using var server = new LocalServer(request => request.SendFileAsync([1, 2, 3]));

        var result = await Folder(folder, server).TryEnsureAsync("thing", cancellation: Stop);

        Assert.Contains("offers 3 bytes where 3,000,000 are listed", result.Sentence, StringComparison.Ordinal);
        Assert.Empty(AllFiles(folder));
    }

    [Fact]
    public async Task Should_AskNoServerAndSaySo_When_DownloadsAreForbidden()
    {
        using var folder = new TemporaryFolder();
        using var server = new LocalServer(request => request.SendFileAsync(Content));

        var result = await Folder(folder, server, Quick with { Offline = true }).TryEnsureAsync("thing", cancellation: Stop);

        Assert.Null(result.Path);
        Assert.Contains("downloads are forbidden (FEWSHOT_OFFLINE=1)", result.Sentence, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Should_SaySoQuicklyInOneSentence_When_ThereIsNoNetwork()
    {
        using var folder = new TemporaryFolder();
        var server = new LocalServer(request => request.SendFileAsync(Content));
        var data = Folder(folder, server, new DownloadOptions { Offline = false });
        server.Dispose();
        var clock = Stopwatch.StartNew();

        var result = await data.TryEnsureAsync("thing", cancellation: Stop);

        Assert.Null(result.Path);
        Assert.StartsWith(
            "Thing is not in the data folder (things/thing.bin) and cannot be downloaded: there is no connection to 127.0.0.1",
            result.Sentence,
            StringComparison.Ordinal);
        Assert.DoesNotContain('\n', result.Sentence);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Empty(AllFiles(folder));
    }

    [Fact]
    public async Task Should_NameTheVariable_When_TheFolderCameFromIt()
    {
        using var folder = new TemporaryFolder();
        using var server = new LocalServer(request => request.HeadAsync("404 Not Found", "Content-Length: 0"));
        var data = new DataFolder(folder.Root, new DataManifest([Entry(server)]), Quick, fromVariable: true);

        var result = await data.TryEnsureAsync("thing", cancellation: Stop);

        Assert.StartsWith(
            "Thing is not in the folder that FEWSHOT_DATA names (things/thing.bin)", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_LeaveTheOthersBytesAlone_When_AnotherProgramBringsNothing()
    {
        using var folder = new TemporaryFolder();
        using var server = new LocalServer(request => request.SendFileAsync(Content));
        var part = folder.Write("things/thing.bin.part", [1, 2, 3]);
        var impatient = Quick with { OtherProgramTimeout = TimeSpan.FromMilliseconds(300) };
        using (Held(folder))
        {
            var result = await Folder(folder, server, impatient).TryEnsureAsync("thing", cancellation: Stop);
            Assert.Contains("another program is downloading Thing, and has brought nothing", result.Sentence, StringComparison.Ordinal);
        }

        Assert.Equal([1, 2, 3], File.ReadAllBytes(part));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Should_WaitAndTakeWhatCame_When_AnotherProgramIsDownloadingIt()
    {
        using var folder = new TemporaryFolder();
        using var server = new LocalServer(request => request.SendFileAsync(Content));
        DataResult result;
        using (var other = Held(folder))
        {
            var waiting = new Recorder();
            var asked = Folder(folder, server).TryEnsureAsync("thing", waiting, Stop);
            Assert.Contains("another program brings it", Assert.Single(waiting.Values).Note, StringComparison.Ordinal);
            folder.Write("things/thing.bin", Content);
            other.Dispose();
            result = await asked;
        }

        Assert.Equal(folder.At("things", "thing.bin"), result.Path);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Should_Download_When_ALockWasLeftBehind()
    {
        using var folder = new TemporaryFolder();
        using var server = new LocalServer(request => request.SendFileAsync(Content));
        folder.Write("things/thing.bin.lock", []);
        var path = await Folder(folder, server).EnsureAsync("thing", cancellation: Stop);
        Assert.Equal([path], AllFiles(folder));
    }

    [Fact]
    public async Task Should_AskOnce_When_TwoWantItAtTheSameTime()
    {
        using var folder = new TemporaryFolder();
        using var server = new LocalServer(request => request.SendFileAsync(Content));
        var both = await Task.WhenAll(
            Folder(folder, server).EnsureAsync("thing", cancellation: Stop),
            Folder(folder, server).EnsureAsync("thing", cancellation: Stop));
        Assert.Equal(both[0], both[1]);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Should_SayWhatToDo_When_TheFolderCannotBeWritten()
    {
        using var folder = new TemporaryFolder();
        using var server = new LocalServer(request => request.SendFileAsync(Content));
        folder.Write("things", [1]);
        var result = await Folder(folder, server).TryEnsureAsync("thing", cancellation: Stop);
        Assert.Null(result.Path);
        Assert.Contains("make the folder writable", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_ReportEveryMegabyteUpToTheEnd_When_Downloading()
    {
        using var folder = new TemporaryFolder();
        using var server = new LocalServer(request => request.SendFileAsync(Content));
        var heard = new Recorder();

        await Folder(folder, server).EnsureAsync("thing", heard, Stop);

        Assert.InRange(heard.Values.Count, 3, 6);
        Assert.Equal(heard.Values.Select(value => value.Done).Order(), heard.Values.Select(value => value.Done));
        Assert.Equal(new StepProgress("download of Thing", Content.Length, Content.Length, "127.0.0.1"), heard.Values[^1]);
    }

    [Fact]
    public async Task Should_KeepWhatCame_When_Cancelled()
    {
        using var folder = new TemporaryFolder();
        using var cancel = new CancellationTokenSource();
        using var server = new LocalServer(request => request.SendFileAsync(Content));
        var heard = new Recorder(value =>
        {
            if (value.Done is >= 1_000_000 and < 3_000_000)
                cancel.Cancel();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Folder(folder, server).EnsureAsync("thing", heard, cancel.Token));

        Assert.EndsWith(".part", Assert.Single(AllFiles(folder)), StringComparison.Ordinal);
    }

    /// <summary>The lock, as another program holds it.</summary>
    private static FileStream Held(TemporaryFolder folder)
    {
        Directory.CreateDirectory(folder.At("things"));
        return new(folder.At("things", "thing.bin.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
    }

    private static DataFolder Folder(TemporaryFolder folder, LocalServer server, DownloadOptions? options = null) =>
        new(folder.Root, new DataManifest([Entry(server)]), options ?? Quick);

    private static ManifestEntry Entry(LocalServer server) => new()
    {
        Id = "thing",
        Title = "Thing",
        Address = server.Address("thing"),
        Bytes = Content.Length,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(Content)),
        Licence = "none",
        Kind = DownloadKind.File,
        Target = "things/thing.bin",
    };

    private static string[] AllFiles(TemporaryFolder folder) => Directory.GetFiles(folder.Root, "*", SearchOption.AllDirectories);

    private static byte[] MakeContent(int length, int seed = 1)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        return content;
    }

    private sealed class Recorder(Action<StepProgress>? then = null) : IProgress<StepProgress>
    {
        public List<StepProgress> Values { get; } = [];

        public void Report(StepProgress value)
        {
            Values.Add(value);
            then?.Invoke(value);
        }
    }
}
