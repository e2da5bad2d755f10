using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using FewShot.Tests.Data;

namespace FewShot.Tests.Onnx;

/// <summary>
/// What a reader takes home from notebook 08: a program of ten lines that knows ONNX Runtime and an image library, and nothing of the
/// course.
/// </summary>
public sealed class ConsoleProgramTests(ExportedClassifier exported) : IDisposable
{
    private const string Program =
        """
        using Microsoft.ML.OnnxRuntime;
        using SkiaSharp;

        using var session = new InferenceSession(args[0]);
        using var picture = SKBitmap.Decode(args[1]).Copy(SKColorType.Rgba8888);
        long[] shape = [1, picture.Height, picture.Width, 4];
        using var images = OrtValue.CreateTensorValueFromMemory(picture.Bytes, shape);
        using var run = session.Run(new RunOptions(), ["images"], [images], ["classes", "probabilities"]);
        var likeliest = run[0].GetStringTensorAsArray().Zip(run[1].GetTensorDataAsSpan<float>().ToArray());
        foreach (var (name, probability) in likeliest.OrderByDescending(pair => pair.Second))
            Console.WriteLine($"{probability:R} {name}");
        """;

    // A restore that has to fetch ONNX Runtime on a slow line.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact(Explicit = true)]
    public async Task Should_ClassifyAPhoto_When_AProgramHasOnnxRuntimeAlone()
    {
        var answer = exported.Classifier.Classify(exported.Photos[0], top: 3);
        await File.WriteAllTextAsync(folder.At("Program.cs"), Program, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.At("program.csproj"), Project(), TestContext.Current.CancellationToken);
        var (restored, log) = await DotNetAsync("restore");
        Assert.SkipWhen(restored != 0 && log.Contains("NU1301", StringComparison.Ordinal), "The packages cannot be restored: no network.");
        Assert.True(restored == 0, log);
        var (built, errors) = await DotNetAsync("build", "--no-restore", "-c", "Release", "-o", folder.At("out"));
        Assert.True(built == 0, errors);
        var (ran, output) = await DotNetAsync(folder.At("out", "program.dll"), exported.ModelPath, exported.Photos[0]);
        Assert.True(ran == 0, output);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 2)).ToList();
        Assert.Equal(answer.Top.Select(entry => entry.ClassName), lines.Select(line => line[1]));
        Assert.All(answer.Top.Zip(lines), pair =>
            Assert.Equal(pair.First.Probability, double.Parse(pair.Second[0], CultureInfo.InvariantCulture), 1e-4));
    }

    [Fact]
    public void Should_TakeTenLines_When_ItIsCounted() =>
        Assert.InRange(Program.Split('\n').Count(line => line.Trim().Length > 0), 1, 10);

    [Fact]
    public void Should_BeACellOfNotebook08_When_AReaderLooksForIt()
    {
        var cells = JsonNode.Parse(File.ReadAllText(Path.Combine(Checkout.Root, "notebooks", "08-your-own-images.ipynb")))!["cells"]!;
        Assert.Contains(cells.AsArray(), cell => string.Concat(cell!["source"]!.AsArray().Select(line => (string?)line)) == Program);
    }

    private static string Project()
    {
        var pinned = XDocument.Load(Path.Combine(Checkout.Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value);
        string[] packages = ["Microsoft.ML.OnnxRuntime", "SkiaSharp", "SkiaSharp.NativeAssets.Linux.NoDependencies"];
        var references = packages.Select(name => $"<PackageReference Include=\"{name}\" Version=\"{pinned[name]}\" />");
        return $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <InvariantGlobalization>true</InvariantGlobalization>
              </PropertyGroup>
              <ItemGroup>{string.Concat(references)}</ItemGroup>
            </Project>
            """;
    }

    private async Task<(int Code, string Output)> DotNetAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        // A build server that stays behind would hold the folder of this test.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        return (process.ExitCode, await output + await errors);
    }
}
