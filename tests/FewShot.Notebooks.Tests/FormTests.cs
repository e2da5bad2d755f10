using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FewShot.Kernel.Notebooks;

namespace FewShot.Notebooks.Tests;

/// <summary>What a reader can rely on in every notebook, and what must never be committed in one.</summary>
public partial class FormTests
{
    private const long LargestNotebook = 1_000_000;
    private const int LargestPictures = 60_000;

    /// <summary>The tag of cells whose pictures may be stored, because their licence allows it.</summary>
    private const string OpenImagesTag = "open-images";

    /// <summary>The notebooks that show Omniglot's drawings, or drawings that the course generates itself.</summary>
    private static readonly string[] OpenImagesNotebooks =
        ["04-maml-omniglot.ipynb", "06-metric-learning.ipynb", "09-data-augmentation.ipynb"];

    [Theory]
    [MemberData(nameof(Course.All), MemberType = typeof(Course))]
    public void Should_SayWhatItTeachesAndNeeds_When_ItBegins(string name)
    {
        var first = Load(name).Cells[0];
        Assert.False(first.IsCode);
        Assert.StartsWith("# ", first.Source, StringComparison.Ordinal);
        Assert.Contains("**What you will learn.**", first.Source, StringComparison.Ordinal);
        Assert.Contains("**What you need.**", first.Source, StringComparison.Ordinal);
        Assert.Matches("minute", first.Source);
    }

    [Theory]
    [MemberData(nameof(Course.All), MemberType = typeof(Course))]
    public void Should_SumUpAndLinkOn_When_ItEnds(string name)
    {
        var last = Load(name).Cells[^1];
        Assert.False(last.IsCode);
        Assert.Contains("## What have we learned?", last.Source, StringComparison.Ordinal);
        Assert.Matches(@"\*\*(Previous|Next):\*\*", last.Source);
    }

    [Theory]
    [MemberData(nameof(Course.All), MemberType = typeof(Course))]
    public void Should_HaveAnExerciseWithASolution_When_Taught(string name)
    {
        Assert.Contains(Load(name).Cells, cell => !cell.IsCode && cell.Source.StartsWith("## Exercise", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(Course.Folder, "solutions", name)), $"notebooks/solutions/{name} is missing.");
    }

    [Theory]
    [MemberData(nameof(Course.AllWithSolutions), MemberType = typeof(Course))]
    public void Should_LeadSomewhere_When_ALinkIsRelative(string name)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Course.Folder, name))!;
        foreach (var cell in Load(name).Cells.Where(cell => !cell.IsCode))
        {
            foreach (Match link in RelativeLink().Matches(cell.Source))
            {
                var target = link.Groups[1].Value;
                Assert.True(File.Exists(Path.Combine(folder, target)), $"{name} links to {target}, which is not there.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Course.AllWithSolutions), MemberType = typeof(Course))]
    public void Should_NeedNoPackageAndNoNetwork_When_ACellRuns(string name) =>
        Assert.DoesNotContain(Load(name).Cells, cell => cell.IsCode && cell.Source.Contains("#r \"nuget", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Course.AllWithSolutions), MemberType = typeof(Course))]
    public void Should_StaySmall_When_Committed(string name) =>
        Assert.InRange(new FileInfo(Path.Combine(Course.Folder, name)).Length, 1, LargestNotebook);

    [Theory]
    [MemberData(nameof(Course.AllWithSolutions), MemberType = typeof(Course))]
    public void Should_HoldNoPictureOfOthersData_When_Committed(string name)
    {
        foreach (var cell in Load(name).Cells.Where(cell => cell.IsCode))
        {
            var outputs = cell.Outputs.ToJsonString();
            if (cell.Source.Contains("ImageGrid", StringComparison.Ordinal))
                Assert.Contains(cell.Tags, tag => tag is StoredNotebook.ThirdPartyTag or OpenImagesTag);
            if (cell.Tags.Contains(StoredNotebook.ThirdPartyTag))
                Assert.DoesNotContain("image/png", outputs, StringComparison.Ordinal);
            if (!cell.Tags.Contains(OpenImagesTag))
                Assert.DoesNotContain("data:image", outputs, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Course.AllWithSolutions), MemberType = typeof(Course))]
    public void Should_HoldFewPicturesOfFreelyLicensedData_When_TheyAreStored(string name)
    {
        foreach (var cell in Load(name).Cells.Where(cell => cell.Tags.Contains(OpenImagesTag)))
        {
            // The only pictures that may be stored: those whose licence the repository carries beside them.
            Assert.Contains(Path.GetFileName(name), OpenImagesNotebooks);
            Assert.True(File.Exists(Path.Combine(Course.Root, "data", "omniglot", "LICENSE")));
            Assert.InRange(cell.Outputs.ToJsonString().Length, 0, LargestPictures);
        }
    }

    [Theory]
    [MemberData(nameof(Course.All), MemberType = typeof(Course))]
    public void Should_HoldItsOutputs_When_Committed(string name) =>
        Assert.All(Load(name).Cells.Where(cell => cell.IsCode), cell => Assert.NotNull(cell.ExecutionCount));

    // Run it again: run notebooks --only NN --in-place
    [Theory]
    [MemberData(nameof(Course.AllWithSolutions), MemberType = typeof(Course))]
    public void Should_HoldTheOutputsOfItsOwnCode_When_Committed(string name) =>
        Assert.Equal(Load(name).CodeDigest, Load(name).ExecutedDigest);

    [Theory]
    [MemberData(nameof(Course.All), MemberType = typeof(Course))]
    public void Should_LeadToItsNeighbours_When_ItEnds(string name)
    {
        var place = Course.Names.ToList().IndexOf(name);
        var last = Load(name).Cells[^1].Source;
        if (place > 0)
            Assert.Matches($@"\*\*Previous:\*\* \[[^\]]+\]\({Regex.Escape(Course.Names[place - 1])}\)", last);
        if (place < Course.Names.Count - 1)
            Assert.Matches($@"\*\*Next:\*\*\s+\[[^\]]+\]\({Regex.Escape(Course.Names[place + 1])}\)", last);
    }

    [Theory]
    [MemberData(nameof(Course.AllWithSolutions), MemberType = typeof(Course))]
    public void Should_StepDownOneLevelAtMost_When_HeadingsFollowOneAnother(string name)
    {
        var levels = Load(name).Cells.Where(cell => !cell.IsCode).SelectMany(cell => Heading().Matches(cell.Source))
            .Select(heading => heading.Groups[1].Length).ToList();
        Assert.Equal(1, levels[0]);
        Assert.DoesNotContain(1, levels.Skip(1));
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, int.MinValue, 1));
    }

    [Theory]
    [MemberData(nameof(Course.AllWithSolutions), MemberType = typeof(Course))]
    public void Should_NameTheSameKernel_When_OpenedInAnEditor(string name)
    {
        var metadata = JsonNode.Parse(File.ReadAllText(Path.Combine(Course.Folder, name)))!["metadata"]!;
        Assert.Equal(".net-csharp", (string?)metadata["kernelspec"]!["name"]);
        Assert.Equal("C#", (string?)metadata["kernelspec"]!["language"]);
        Assert.Equal("csharp", (string?)metadata["polyglot_notebook"]!["kernelInfo"]!["defaultKernelName"]);
    }

    [Theory]
    [MemberData(nameof(Course.All), MemberType = typeof(Course))]
    public void Should_ShowAMapOfItself_When_ItBegins(string name) =>
        Assert.Contains(Load(name).Cells, cell => cell.IsCode && cell.Source.Contains("new Diagram(", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Course.All), MemberType = typeof(Course))]
    public void Should_SpellTermsInOneWay_When_Read(string name) =>
        Assert.Empty(Load(name).Cells.Where(cell => !cell.IsCode)
            .SelectMany(cell => OtherSpelling().Matches(cell.Source)).Select(found => found.Value));

    [Theory]
    [MemberData(nameof(Course.AllWithSolutions), MemberType = typeof(Course))]
    public void Should_NameNoFolderOfItsMaker_When_Committed(string name)
    {
        foreach (var cell in Load(name).Cells.Where(cell => cell.IsCode))
            Assert.DoesNotMatch(MachinePath(), cell.Outputs.ToJsonString());
    }

    private static NotebookDocument Load(string name) => NotebookDocument.Load(Path.Combine(Course.Folder, name));

    [GeneratedRegex(@"\]\((?!https?:|#)([^)]+)\)")]
    private static partial Regex RelativeLink();

    [GeneratedRegex("^(#{1,6}) ", RegexOptions.Multiline)]
    private static partial Regex Heading();

    /// <summary>Spellings beside the course's own: data set, fine-tuning, few-shot, overfitting, optimiser, labelled, BatchNorm.</summary>
    [GeneratedRegex(@"\b(?:datasets?|fine ?tun(?:e|ed|ing)|few shot|meta ?learning|over-fit\w*|optimi[z]er\w*|labeled|colors?|pre-trained|"
        + @"batch ?norm|Batchnorm|back-bone|hyper-parameter\w*|cross entropy|softmaxes)\b")]
    private static partial Regex OtherSpelling();

    [GeneratedRegex(@"/(home|root|tmp|work|Users)/")]
    private static partial Regex MachinePath();
}
