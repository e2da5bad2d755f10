using FewShot.Runtime;
using FewShot.Tests.Data;
using TorchSharp;

namespace FewShot.Tests.Runtime;

public sealed class DeviceCheckTests : IDisposable
{
    private static readonly string SmallLibrary = NativeLoader.Folders()
        .Select(folder => Path.Combine(folder, "libtorch_global_deps.so")).FirstOrDefault(File.Exists) ?? string.Empty;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Should_SayOneLineOfEachThing_When_Run()
    {
        var findings = DeviceCheck.Run();
        Assert.Equal(["Package", "libtorch", "CUDA", "Driver", "GPU", "Arithmetic", "Memory"], findings.Select(f => f.What).Distinct());
        Assert.All(findings, finding => Assert.DoesNotContain('\n', finding.ToString()));
        Assert.All(findings.Where(f => f.What is "Package" or "libtorch" or "Arithmetic" or "Memory"), f => Assert.True(f.IsRight, f.Text));
    }

    [Fact]
    public void Should_BeWhole_When_TheBuildsOwnFileIsRead() =>
        Assert.All(LibraryFile.Findings(), finding => Assert.EndsWith("as published", finding.Text, StringComparison.Ordinal));

    [Fact]
    public void Should_SayThatItWasCutShort_When_ALibraryLacksItsEnd()
    {
        var path = folder.Write("libtorch_cuda.so", File.ReadAllBytes(SmallLibrary)[..(int)(new FileInfo(SmallLibrary).Length / 2)]);
        var finding = LibraryFile.Finding(path, null);
        Assert.False(finding.IsRight);
        Assert.Contains("cut short, or not put together", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameBothDigests_When_TheFileIsNotThePackages()
    {
        var path = folder.Write("libtorch_cuda.so", File.ReadAllBytes(SmallLibrary));
        Assert.True(LibraryFile.Finding(path, null).IsRight);
        File.WriteAllText(path + ".sha", new string('0', 64));
        var finding = LibraryFile.Finding(path, null);
        Assert.False(finding.IsRight);
        Assert.Contains($"not {new string('0', 64)}", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameBothPlaces_When_LibtorchIsLoadedTwice()
    {
        var finding = LoadedLibraries.Finding(["/a/libtorch.so", "/a/libtorch_cpu.so", "/b/libtorch_cpu.so", "/b/libz.so"]);
        Assert.False(finding.IsRight);
        Assert.Contains("libtorch_cpu.so is loaded from /a/libtorch_cpu.so and /b/libtorch_cpu.so", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_GiveTheSystemsOwnWordsForEach_When_LibrariesDoNotLoad()
    {
        var (first, second) = (folder.Write("libcudart.so.12", [1, 2]), folder.Write("libcudnn_ops.so.9", [1, 2]));
        var findings = CudaLibraries.Findings([folder.Root]);
        Assert.Equal(2, findings.Count);
        Assert.All(findings.Zip([first, second]), pair =>
            Assert.StartsWith($"{pair.Second} does not load: ", pair.First.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Should_SayHowToBuildForAGpu_When_ThereAreNoCudaLibraries() =>
        Assert.Contains("-p:TorchBackend=cuda", Assert.Single(CudaLibraries.Findings([folder.Root])).Text, StringComparison.Ordinal);

    [Fact]
    public void Should_SayWhatToInstall_When_ThereIsNoDriver()
    {
        Assert.SkipWhen(torch.cuda.is_available(), "There is a GPU.");
        var finding = CudaDriver.Finding();
        Assert.False(finding.IsRight);
        Assert.Contains("NVIDIA's driver must be installed", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NotBeRight_When_MemoryIsNotGivenBack()
    {
        var free = new Queue<long?>([1L << 30, 1L << 29]);
        var finding = DeviceArithmetic.Memory(torch.CPU, free.Dequeue);
        Assert.False(finding.IsRight);
        Assert.Contains("512 MB more", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_BeRelativeToTheLargest_When_NumbersDiffer() =>
        Assert.Equal(0.25, DeviceArithmetic.Difference([4, -1], [3, -1]));
}
