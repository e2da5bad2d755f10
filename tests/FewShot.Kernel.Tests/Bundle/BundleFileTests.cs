using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using FewShot.Kernel.Bundle;
using FewShot.Runtime;

namespace FewShot.Kernel.Tests.Bundle;

public sealed class BundleFileTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Should_ComeBackAsItWas_When_Installed()
    {
        Make();
        var files = BundleFile.Install(folder["b.zip"], folder["room"], ProgressSink.Current, CancellationToken.None);
        Assert.Equal(5, files);
        Assert.Equal("notebook", File.ReadAllText(folder["room/course/notebooks/00.ipynb"]));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(folder["room/packages/a.1.0.0.nupkg"]));
        Assert.Equal("<html>", File.ReadAllText(folder["room/site/index.html"]));
        Assert.Contains("../packages", File.ReadAllText(folder["room/course/nuget.config"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_KeepWhoMayStartAFile_When_Installed()
    {
        Make();
        BundleFile.Install(folder["b.zip"], folder["room"], ProgressSink.Current, CancellationToken.None);
        // Windows has no such right.
        if (OperatingSystem.IsWindows())
            return;
        Assert.True(File.GetUnixFileMode(folder["room/course/start.sh"]).HasFlag(UnixFileMode.UserExecute));
        Assert.False(File.GetUnixFileMode(folder["room/course/notebooks/00.ipynb"]).HasFlag(UnixFileMode.UserExecute));
    }

    [Fact]
    public void Should_HaveTheDigestsThatSha256sumReads_When_Made()
    {
        Make();
        using var zip = ZipFile.OpenRead(folder["b.zip"]);
        using var reader = new StreamReader(zip.GetEntry("SHA256SUMS")!.Open());
        var digest = Convert.ToHexStringLower(SHA256.HashData("notebook"u8));
        Assert.Contains($"{digest}  course/notebooks/00.ipynb\n", reader.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_LeaveNothingAndSaySo_When_AFileIsDamaged()
    {
        Make();
        Change(zip => Replace(zip, "site/index.html", "<HTML>"));
        AssertRefused("site/index.html is damaged");
    }

    [Fact]
    public void Should_LeaveNothingAndSaySo_When_AFileIsMissing()
    {
        Make();
        Change(zip => zip.GetEntry("site/index.html")!.Delete());
        AssertRefused("site/index.html is missing");
    }

    [Fact]
    public void Should_LeaveNothingAndSaySo_When_AFileIsAdded()
    {
        Make();
        Change(zip => zip.CreateEntry("course/more.txt").Open().Dispose());
        AssertRefused("course/more.txt has no line");
    }

    [Theory]
    [InlineData("../outside.txt")]
    [InlineData("course/../../outside.txt")]
    [InlineData("/outside.txt")]
    [InlineData("course\\..\\outside.txt")]
    public void Should_WriteNothingOutside_When_ANameLeadsThere(string name)
    {
        Make();
        Change(zip =>
        {
            using (var content = new StreamWriter(zip.CreateEntry(name).Open()))
                content.Write("x");
            var sums = Read(zip, "SHA256SUMS") + $"{Convert.ToHexStringLower(SHA256.HashData("x"u8))}  {name}\n";
            Replace(zip, "SHA256SUMS", sums);
        });
        AssertRefused("holds the line");
        Assert.False(File.Exists(folder["outside.txt"]));
    }

    [Fact]
    public void Should_SaySo_When_ItIsCutShort()
    {
        Make();
        var bytes = File.ReadAllBytes(folder["b.zip"]);
        File.WriteAllBytes(folder["b.zip"], bytes[..(bytes.Length / 2)]);
        AssertRefused("is not a whole bundle");
    }

    [Fact]
    public void Should_SaySo_When_ItIsAnotherZip()
    {
        using (var zip = ZipFile.Open(folder["b.zip"], ZipArchiveMode.Create))
            zip.CreateEntry("a").Open().Dispose();
        AssertRefused("it has no SHA256SUMS");
    }

    [Fact]
    public void Should_LeaveItAlone_When_TheFolderIsInUse()
    {
        Make();
        Directory.CreateDirectory(folder["room"]);
        File.WriteAllText(folder["room/own.txt"], "own");
        var error = Assert.Throws<FewShotException>(
            () => BundleFile.Install(folder["b.zip"], folder["room"], ProgressSink.Current, CancellationToken.None));
        Assert.Contains("is there already", error.Message, StringComparison.Ordinal);
        Assert.Equal("own", File.ReadAllText(folder["room/own.txt"]));
    }

    [Fact]
    public void Should_LeaveNoFile_When_MakingIsStopped()
    {
        Write("r/a.txt", "a");
        Write("s/index.html", "<html>");
        Assert.Throws<OperationCanceledException>(() => BundleFile.Write(
            folder["b.zip"], folder["r"], ["a.txt"], [], folder["s"], ProgressSink.Current, new CancellationToken(canceled: true)));
        Assert.False(File.Exists(folder["b.zip"]));
    }

    private void Make()
    {
        Write("repository/notebooks/00.ipynb", "notebook");
        Write("repository/start.sh", "#!/bin/sh");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder["repository/start.sh"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Write("site/index.html", "<html>");
        File.WriteAllBytes(folder["a.1.0.0.nupkg"], [1, 2, 3]);
        BundleFile.Write(
            folder["b.zip"], folder["repository"], ["notebooks/00.ipynb", "start.sh"], [folder["a.1.0.0.nupkg"]], folder["site"],
            ProgressSink.Current, CancellationToken.None);
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[path])!);
        File.WriteAllText(folder[path], text);
    }

    private void Change(Action<ZipArchive> change)
    {
        using var zip = ZipFile.Open(folder["b.zip"], ZipArchiveMode.Update);
        change(zip);
    }

    private static string Read(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(zip.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    private static void Replace(ZipArchive zip, string name, string text)
    {
        zip.GetEntry(name)!.Delete();
        using var content = zip.CreateEntry(name).Open();
        content.Write(Encoding.UTF8.GetBytes(text));
    }

    private void AssertRefused(string reason)
    {
        var error = Assert.Throws<FewShotException>(
            () => BundleFile.Install(folder["b.zip"], folder["room"], ProgressSink.Current, CancellationToken.None));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("Copy the bundle again", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(Path.GetDirectoryName(folder["room"])!, "room*"));
    }
}
