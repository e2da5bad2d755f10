using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace FewShot.Notebooks.Tests;

/// <summary>What opens the course in a container: two descriptions and the script that both run.</summary>
public class DevContainerTests
{
    private const string Default = ".devcontainer/devcontainer.json", Gpu = ".devcontainer/gpu/devcontainer.json";

    /// <summary>Names a copy of the published devContainer.base.schema.json, which is not part of the course.</summary>
    private const string PublishedSchemaVariable = "FEWSHOT_DEVCONTAINER_SCHEMA";

    // Comments are part of the format, commas at the end are not.
    private static readonly JsonDocumentOptions WithComments = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = false,
        AllowDuplicateProperties = false,
    };

    private static readonly JsonSchema Schema =
        JsonSchema.FromFile(Path.Combine(Course.Root, "tests", "FewShot.Notebooks.Tests", "devcontainer.schema.json"));

    private static readonly Lazy<JsonSchema?> PublishedSchema = new(() =>
        Environment.GetEnvironmentVariable(PublishedSchemaVariable) is { Length: > 0 } path ? JsonSchema.FromFile(path) : null);

    [Theory]
    [InlineData(Default)]
    [InlineData(Gpu)]
    public void Should_FitTheSchema_When_Read(string file) => AssertFits(Schema, Read(file));

    [Theory]
    [InlineData(Default)]
    [InlineData(Gpu)]
    public void Should_FitThePublishedSchema_When_ItIsAtHand(string file)
    {
        Assert.SkipWhen(
            PublishedSchema.Value is null,
            $"{PublishedSchemaVariable} names no copy of schemas/devContainer.base.schema.json of github.com/devcontainers/spec.");
        AssertFits(PublishedSchema.Value!, Read(file));
    }

    [Theory]
    [InlineData("imagee", "\"ubuntu:24.04\"")]
    [InlineData("image", "5")]
    [InlineData("image", null)]
    [InlineData("runArgs", "\"--gpus=all\"")]
    [InlineData("containerEnv", "{\"TorchBackend\": 1}")]
    [InlineData("hostRequirements", "{\"gpu\": \"maybe\"}")]
    [InlineData("features", "{\"python\": {}}")]
    [InlineData("customizations", "{\"vscode\": {\"extensions\": [\"jupyter\"]}}")]
    public void Should_NotFitTheSchema_When_APropertyIsWrong(string property, string? value)
    {
        var description = Read(Default);
        if (value is null)
            description.Remove(property);
        else
            description[property] = JsonNode.Parse(value);
        Assert.False(Fits(Schema, description).IsValid);
    }

    [Theory]
    [InlineData(Default)]
    [InlineData(Gpu)]
    public void Should_RunAScriptThatIsThere_When_TheContainerIsMade(string file)
    {
        var words = ((string)Read(file)["postCreateCommand"]!).Split(' ');
        Assert.Equal("bash", words[0]);
        var script = Path.Combine(Course.Root, Assert.Single(words[1..]));
        Assert.True(File.Exists(script), script);
        Assert.True(
            OperatingSystem.IsWindows() || File.GetUnixFileMode(script).HasFlag(UnixFileMode.UserExecute),
            $"{script} is not executable.");
    }

    [Theory]
    [InlineData(Default)]
    [InlineData(Gpu)]
    public void Should_BringJupyterAndCSharp_When_VsCodeOpensIt(string file)
    {
        var extensions = Read(file)["customizations"]!["vscode"]!["extensions"]!.AsArray().Select(id => (string?)id).ToList();
        Assert.Contains("ms-toolsai.jupyter", extensions);
        Assert.Contains("ms-dotnettools.csharp", extensions);
    }

    [Theory]
    [InlineData(Default)]
    [InlineData(Gpu)]
    public void Should_HaveTheSdkThatTheCourseNeeds_When_TheContainerIsMade(string file)
    {
        var features = Read(file)["features"]!.AsObject();
        var sdk = (string)features.Single(feature => feature.Key.Contains("/dotnet:", StringComparison.Ordinal)).Value!["version"]!;
        var asked = (string)JsonNode.Parse(File.ReadAllText(Path.Combine(Course.Root, "global.json")))!["sdk"]!["version"]!;
        Assert.StartsWith(sdk + ".", asked, StringComparison.Ordinal);
        Assert.EndsWith(":ubuntu-24.04", (string)Read(file)["image"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_ComputeOnTheGpu_When_TheVariantForItIsChosen()
    {
        var gpu = Read(Gpu);
        Assert.Equal("--gpus=all", (string?)Assert.Single(gpu["runArgs"]!.AsArray()));
        Assert.Equal("cuda", (string?)gpu["containerEnv"]!["TorchBackend"]);
    }

    [Fact]
    public void Should_StartWithoutAGpu_When_TheDefaultIsChosen()
    {
        var description = Read(Default);
        Assert.Null(description["runArgs"]);
        Assert.Null(description["containerEnv"]);
        Assert.Equal("optional", (string?)description["hostRequirements"]!["gpu"]);
    }

    [Fact]
    public void Should_DifferInTheGpuAlone_When_BothAreCompared()
    {
        var (common, gpu) = (Read(Default), Read(Gpu));
        foreach (var property in new[] { "name", "hostRequirements", "runArgs", "containerEnv" })
        {
            common.Remove(property);
            gpu.Remove(property);
        }

        Assert.True(JsonNode.DeepEquals(common, gpu), $"{common.ToJsonString()}\n{gpu.ToJsonString()}");
    }

    [Theory]
    [InlineData(".devcontainer/post-create.sh")]
    [InlineData(".ci/run")]
    public void Should_HaveNoFault_When_ShellcheckReadsAScript(string script)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/shellcheck"), "shellcheck is not installed (Debian and Ubuntu: apt install shellcheck).");
        var start = new ProcessStartInfo("/usr/bin/shellcheck", [Path.Combine(Course.Root, script)]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var report = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, report);
    }

    private static JsonObject Read(string file) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Course.Root, file)), documentOptions: WithComments)!.AsObject();

    private static EvaluationResults Fits(JsonSchema schema, JsonObject description) =>
        schema.Evaluate(JsonSerializer.SerializeToElement(description), new EvaluationOptions { OutputFormat = OutputFormat.List });

    private static void AssertFits(JsonSchema schema, JsonObject description)
    {
        var result = Fits(schema, description);
        Assert.True(result.IsValid, JsonSerializer.Serialize(result));
    }
}
