using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FewShot.Kernel.Notebooks;

namespace FewShot.Notebooks.Tests;

/// <summary>How notebooks are written, so that they read well in every front end.</summary>
public partial class StyleTests
{
    private const int LongestLine = 100, LongestCell = 20, LongestAnswer = 24;

    [Theory]
    [MemberData(nameof(Course.AllWithSolutions), MemberType = typeof(Course))]
    public void Should_FitTheLine_When_CodeOrProseIsRead(string name) =>
        Assert.Empty(Cells(name).SelectMany(cell =>
            Lines(cell).Where(line => line.Length > LongestLine && !(line.StartsWith('|') && !cell.IsCode))));

    [Theory]
    [MemberData(nameof(Course.AllWithSolutions), MemberType = typeof(Course))]
    public void Should_FitTheScreen_When_ACellIsRead(string name) =>
        Assert.All(Cells(name).Where(cell => cell.IsCode), cell =>
            Assert.InRange(Lines(cell).Length, 1, name.StartsWith("solutions", StringComparison.Ordinal) ? LongestAnswer : LongestCell));

    [Theory]
    [MemberData(nameof(Course.AllWithSolutions), MemberType = typeof(Course))]
    public void Should_ImportNothingOfTheCourse_When_TheKernelHasDone(string name) =>
        Assert.DoesNotContain(Cells(name), cell => cell.IsCode && Lines(cell).Any(line =>
            line.StartsWith("using FewShot", StringComparison.Ordinal) || line == "using TorchSharp;"));

    [Theory]
    [MemberData(nameof(Course.AllWithSolutions), MemberType = typeof(Course))]
    public void Should_StateAFinding_When_AChartOrTableHasATitle(string name) =>
        Assert.All(Cells(name).SelectMany(cell => cell.Outputs).SelectMany(Titles), title => Assert.DoesNotMatch(Provenance(), title));

    [Theory]
    [MemberData(nameof(Course.AllWithSolutions), MemberType = typeof(Course))]
    public void Should_NameItsBytesOnce_When_OutputsAreStored(string name)
    {
        var naming = Cells(name).Count(cell =>
            cell.Outputs.Any(output => Digest().IsMatch(Text(output!["text"]) + Data(output, "text/plain"))));
        Assert.InRange(naming, 0, 1);
    }

    [Theory]
    [InlineData("Speed of CIFAR-10 train 340b30f1", true)]
    [InlineData("ResNet-18, weights.safetensors", true)]
    [InlineData("More labels, higher accuracy: 10,000 test images, 20261125 of 3.5 million, deadbeat", false)]
    public void Should_FindDigestsAndFiles_When_ATitleHoldsThem(string title, bool isFound) =>
        Assert.Equal(isFound, Provenance().IsMatch(title));

    private static IReadOnlyList<NotebookCell> Cells(string name) => NotebookDocument.Load(Path.Combine(Course.Folder, name)).Cells;

    private static string[] Lines(NotebookCell cell) => cell.Source.Split('\n');

    /// <summary>A chart's title with the line below it, as its words have them, and a table's caption.</summary>
    private static IEnumerable<string> Titles(JsonNode? output) =>
        Caption().Matches(Data(output, "text/html")).Select(match => match.Groups[1].Value)
            .Concat(Data(output, "text/plain").Split('\n').Where(line => line.StartsWith("Chart: ", StringComparison.Ordinal)));

    private static string Data(JsonNode? output, string form) => Text(output!["data"]?[form]);

    private static string Text(JsonNode? lines) =>
        lines is JsonArray all ? string.Concat(all.Select(line => (string?)line)) : (string?)lines ?? string.Empty;

    [GeneratedRegex("<figcaption[^>]*>(.*?)</figcaption>", RegexOptions.Singleline)]
    private static partial Regex Caption();

    [GeneratedRegex(@"\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}\b")]
    private static partial Regex Digest();

    [GeneratedRegex(@"\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}\b|\.(?:safetensors|bin|onnx|json|npz)\b")]
    private static partial Regex Provenance();
}
