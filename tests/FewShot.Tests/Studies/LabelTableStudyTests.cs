using FewShot.Data;
using FewShot.Heads;
using FewShot.Runtime;
using FewShot.Studies;
using FewShot.Tests.Data;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Tests.Studies;

public class LabelTableStudyTests
{
    private static readonly LabelTableOptions Tiny = new() { PerClass = [1, 3], Draws = 2, Size = 16, Folds = 2 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Should_HoldWhatAHeadFittedToTheDrawReaches_When_ACellIsRead()
    {
        using var folder = new TemporaryFolder();
        using var material = TinyMaterial.Make();
        // The backbone makes its weights for a size of images once, at the first of that size.
        _ = new LabelTableStudy(material, folder.At("first"), Tiny).Run(Token);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var result = new LabelTableResult(new LabelTableStudy(material, folder.At("work"), Tiny).Run(Token));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        Assert.Equal(["linear probe", "logistic regression", "nearest centroid", "SimpleShot", "ridge", "cosine"], result.Methods);
        using var labelled = material.Train.Select(Subset.Draw(material.Train, 3, 1));
        var preprocessing = material.Preprocessing with { Size = Tiny.Size };
        using var train = FeatureBank.Extract(material.Backbone, labelled, preprocessing);
        using var test = FeatureBank.Extract(material.Backbone, material.Test, preprocessing);
        using var head = NearestCentroid.Fit(train);
        Assert.Equal(test.Predict(head).Accuracy.Value, result.Accuracy("nearest centroid", 3).Draws[1].Value);
        Assert.True(result.Record.UsesStandIn);
    }

    [Fact]
    public void Should_GoOnWithTheDrawsThatItHas_When_Stopped()
    {
        using var folder = new TemporaryFolder();
        using var material = TinyMaterial.Make();
        using var stop = new CancellationTokenSource();
        var draws = 0;
        var stopping = new CallingProgress(value =>
        {
            if (value.Activity.Contains("labels of each class", StringComparison.Ordinal) && ++draws == 5)
                stop.Cancel();
        });
        _ = Assert.Throws<OperationCanceledException>(
            () => new LabelTableStudy(material, folder.At("work"), Tiny, stopping).Run(stop.Token));

        var rest = 0;
        var counting = new CallingProgress(value =>
            rest += value.Activity.Contains("labels of each class", StringComparison.Ordinal) ? 1 : 0);
        var record = new LabelTableStudy(material, folder.At("work"), Tiny, counting).Run(Token);
        Assert.Equal((6 * 2 * 2) - draws, rest);
        Assert.Equal(
            new LabelTableStudy(material, folder.At("other"), Tiny).Run(Token).Results.Where(result => !result.Key.EndsWith("seconds")),
            record.Results.Where(result => !result.Key.EndsWith("seconds")));
    }

    [Fact]
    public void Should_WriteALineForEachCell_When_AskedForCsv()
    {
        using var folder = new TemporaryFolder();
        using var material = TinyMaterial.Make();
        var result = new LabelTableResult(new LabelTableStudy(material, folder.At("work"), Tiny).Run(Token));
        var lines = result.ToCsv().TrimEnd('\n').Split('\n');

        Assert.Equal(1 + (result.Methods.Count * 2), lines.Length);
        var commas = lines[0].Count(c => c == ',');
        Assert.All(lines.Skip(1), line => Assert.Equal(commas, line[(line.LastIndexOf('"') + 1)..].Count(c => c == ',')));
        var cell = result.Accuracy("ridge", 3);
        Assert.Contains(
            FormattableString.Invariant($",16,ridge,3,2,20,{100 * cell.Mean:0.00},{100 * cell.Interval.Low:0.00}"),
            result.ToCsv(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Should_RefuseTheSettings_When_OneDrawHasNoInterval()
    {
        using var material = TinyMaterial.Make();
        var error = Assert.Throws<FewShotException>(() => new LabelTableStudy(material, "nowhere", Tiny with { Draws = 1 }));
        Assert.Contains("at least 2 draws", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_SayThatItIsNoTable_When_TheRecordIsOfSomethingElse()
    {
        var error = Assert.Throws<FewShotException>(() => new LabelTableResult(RunRecord.Capture("a benchmark")));
        Assert.Contains("\"a benchmark\" is no table", error.Message, StringComparison.Ordinal);
    }

    private sealed class CallingProgress(Action<StepProgress> call) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => call(value);
    }
}
