using System.Diagnostics;
using System.Text.Json.Nodes;

namespace FewShot.Notebooks.Tests;

/// <summary>Packing takes minutes for libtorch's 490 MB, so what is looked at is what the build would pack.</summary>
public class ToolPackageTests
{
    [Fact]
    public void Should_BeTheCommandFewshotForOnePlatform_When_TheKernelIsPacked()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Packed on Linux.");
        const string Properties = "PackAsTool,ToolCommandName,PackageId,RuntimeIdentifiers,CreateRidSpecificToolPackages";
        var start = new ProcessStartInfo("dotnet", ["msbuild", "src/FewShot.Kernel", $"-getProperty:{Properties}"])
        {
            WorkingDirectory = Course.Root,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, text);
        Assert.Equal(
            ["true", "fewshot", "FewShot.Kernel", "linux-x64", "true"],
            JsonNode.Parse(text)!["Properties"]!.AsObject().Select(property => (string?)property.Value));
    }
}
