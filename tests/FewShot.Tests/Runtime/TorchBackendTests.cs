using System.Diagnostics;
using System.Text.Json;
using FewShot.Data;

namespace FewShot.Tests.Runtime;

/// <summary>Evaluates the library's project, as a build would, and looks at the packages it references.</summary>
public class TorchBackendTests
{
    private static readonly string Project = Path.Combine(
        Path.GetDirectoryName(DataFolder.Locate(null, AppContext.BaseDirectory))!, "src", "FewShot", "FewShot.csproj");

    [Fact]
    public void Should_ReferenceTheCpuPackageOnly_When_NothingIsSaid()
    {
        var packages = Packages(variable: null);
        Assert.Single(packages, package => package.StartsWith("libtorch-cpu-", StringComparison.Ordinal));
        Assert.DoesNotContain(packages, package => package.Contains("cuda", StringComparison.Ordinal));
        Assert.Contains("TorchSharp", packages);
    }

    [Theory]
    [InlineData(null, "-p:TorchBackend=cuda")]
    [InlineData("cuda")]
    public void Should_ReferenceTheCudaPackageOnly_When_CudaIsChosen(string? variable, params string[] arguments)
    {
        var packages = Packages(variable, arguments);
        Assert.Contains("TorchSharp-cuda-linux", packages);
        Assert.DoesNotContain(packages, package => package.StartsWith("libtorch-cpu", StringComparison.Ordinal));
    }

    private static List<string> Packages(string? variable, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["msbuild", Project, "-getItem:PackageReference", "-nodeReuse:false", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(Project)!,
        };
        // A test started by the SDK inherits the SDK's own settings, and a person's choice of backend.
        var inherited = start.Environment.Keys
            .Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase) || name == "TorchBackend")
            .ToList();
        foreach (var name in inherited)
            start.Environment.Remove(name);
        if (variable is not null)
            start.Environment["TorchBackend"] = variable;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, text + errors.Result);
        using var json = JsonDocument.Parse(text);
        return [.. json.RootElement.GetProperty("Items").GetProperty("PackageReference")
            .EnumerateArray()
            .Select(item => item.GetProperty("Identity").GetString()!)];
    }
}
