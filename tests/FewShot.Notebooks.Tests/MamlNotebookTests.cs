using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using FewShot.Kernel.Notebooks;

namespace FewShot.Notebooks.Tests;

/// <summary>What notebook 02 and its solution print must fit together.</summary>
public partial class MamlNotebookTests
{
    private const string Name = "02-maml.ipynb";

    private static readonly string Solution = Path.Combine("solutions", Name);

    // Without it "<" and ">" are written as escapes.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // The solution repeats the notebook's comparison for one step, so it must start from the same weights.
    [Fact]
    public void Should_FindTheNotebooksOwnDifference_When_TheSolutionTakesOneStep() =>
        Assert.Equal(Differences(Name)[0], Differences(Solution)[0]);

    [Fact]
    public void Should_SeeTheDifferenceGrow_When_TheSolutionTakesMoreSteps()
    {
        var shares = Differences(Solution);
        Assert.Equal(3, shares.Length);
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(3, shares.Distinct().Count());
    }

    [Fact]
    public void Should_LeaveTheWorkToTheReader_When_TheStubsAreUnfilled() =>
        Assert.Single(Differences(Name).Distinct());

    [Fact]
    public void Should_TellTheMedianAndHowManyDiverged_When_ErrorsAreTabulated()
    {
        var table = Outputs(Name).Single(output =>
            output.Contains("mean squared error", StringComparison.Ordinal) && output.Contains("<table", StringComparison.Ordinal));
        foreach (var column in new[] { "median", "diverged", "inner steps" })
            Assert.Contains($">{column}</th>", table, StringComparison.Ordinal);
        string[] networks = ["MAML, 1,500 meta-steps", "MAML, 70,000 meta-steps", "jointly, 1,500 steps", "jointly, 70,000 steps"];
        foreach (var network in networks)
            Assert.Contains($">{network}</td>", table, StringComparison.Ordinal);
    }

    // The long training is never used unannounced: one cell alone loads it, and its output says how the training was made.
    [Fact]
    public void Should_LoadTheLongTrainingInACellOfItsOwn_When_ItIsUsed()
    {
        var loading = NotebookDocument.Load(Path.Combine(Course.Folder, Name)).Cells
            .Where(cell => cell.IsCode && cell.Source.Contains("SinusoidStudy.Cached(options.Shot)", StringComparison.Ordinal)).ToArray();
        var cell = Assert.Single(loading);
        Assert.Contains("train-meta sinusoid --shot 10", cell.Outputs.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("MetaTrainer", cell.Source, StringComparison.Ordinal);
    }

    /// <summary>The shares that the notebook's cells print, in percent, in their order.</summary>
    private static double[] Differences(string name) =>
    [
        .. Outputs(name)
            .SelectMany(output => Difference().Matches(output))
            .Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)),
    ];

    private static IEnumerable<string> Outputs(string name) =>
        NotebookDocument.Load(Path.Combine(Course.Folder, name)).Cells
            .Where(cell => cell.IsCode)
            .Select(cell => cell.Outputs.ToJsonString(Readable));

    [GeneratedRegex(@"off by (\d+\.\d) %")]
    private static partial Regex Difference();
}
