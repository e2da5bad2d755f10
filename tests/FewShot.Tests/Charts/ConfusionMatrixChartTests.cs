using FewShot.Charts;
using FewShot.Evaluation;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Charts;

public class ConfusionMatrixChartTests
{
    private static readonly long[,] Counts = { { 3, 1 }, { 0, 2 } };

    [Fact]
    public void Should_Colour_By_The_Share_Of_The_True_Class_And_Write_Counts()
    {
        var chart = ConfusionMatrixChart.Of(Counts, ["cat", "dog"]);
        var map = Assert.Single(Figure.Traces(chart));
        Assert.Equal([75, 25], Figure.Numbers(map.GetProperty("z")[0]));
        Assert.Equal([0, 100], Figure.Numbers(map.GetProperty("z")[1]));
        Assert.Equal(["3", "1"], Figure.Texts(map.GetProperty("text")[0]));
        Assert.Equal(
            "true cat, predicted dog<br>1 of 4 images (25.0 %)<br>recall of cat: 75.0 %", map.GetProperty("hovertext")[0][1].GetString());
    }

    [Fact]
    public void Should_Put_The_First_True_Class_On_Top_With_Its_Recall()
    {
        var y = Figure.Layout(ConfusionMatrixChart.Of(Counts, ["cat", "<dog>"])).GetProperty("yaxis");
        Assert.Equal("reversed", Figure.Text(y, "autorange"));
        Assert.Equal(["cat  75.0 %", "&lt;dog&gt;  100.0 %"], Figure.Texts(y.GetProperty("ticktext")));
    }

    [Fact]
    public void Should_Keep_Rows_And_Columns_Apart_When_A_Measured_Matrix_Is_Drawn()
    {
        using var scores = torch.tensor(new float[,] { { 0, 1 }, { 1, 0 }, { 1, 0 } });
        using var labels = torch.tensor(new long[] { 0, 0, 0 });
        var map = Figure.Traces(ConfusionMatrixChart.Of(new ConfusionMatrix(new Predictions(scores, labels, ["cat", "dog"]))))[0];
        Assert.Equal(["2", "1"], Figure.Texts(map.GetProperty("text")[0]));
        Assert.Equal(["0", "0"], Figure.Texts(map.GetProperty("text")[1]));
    }

    [Fact]
    public void Should_Leave_Out_The_Counts_When_There_Is_No_Room_For_Them()
        => Assert.False(
            Figure.Traces(ConfusionMatrixChart.Of(new long[21, 21], [.. Enumerable.Range(0, 21).Select(i => $"{i}")]))[0]
                .TryGetProperty("text", out _));

    [Fact]
    public void Should_Say_What_Was_Found_When_Names_Do_Not_Fit()
        => Assert.Contains(
            "found 2 x 2",
            Assert.Throws<FewShotException>(() => ConfusionMatrixChart.Of(Counts, ["cat"])).Message,
            StringComparison.Ordinal);
}
