using System.Text.Json.Nodes;

namespace FewShot.Kernel.Tests.Jupyter;

public sealed class ChartTests : IDisposable
{
    private const string Chart = "FewShot.Charts.LineChart.Of([new FewShot.Charts.Series(\"s\", [1, 2], [3, 4])], \"x\", \"y\", \"Line\")";

    private readonly KernelFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public void Should_BringPlotlyAgain_When_TheCellThatBroughtItRunsAgainChanged() =>
        Assert.Equal([true, false, true], Carry(("a", Chart), ("b", Chart), ("a", "// changed\n" + Chart)));

    [Fact]
    public void Should_BringPlotlyAgain_When_TheSameTextRunsAgainAndCellsHaveNoNames() =>
        Assert.Equal([true, false, true], Carry((null, Chart), (null, "// other\n" + Chart), (null, Chart)));

    [Fact]
    public void Should_SendAStillPictureToo_When_AChartIsShown()
    {
        var (_, outputs) = fixture.Client.Run(Chart);
        var data = outputs.Single(message => message.Type == "execute_result").Content["data"]!.AsObject();
        Assert.Equal(["image/png", "text/html", "text/plain"], data.Select(form => form.Key).Order(StringComparer.Ordinal));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], Convert.FromBase64String((string)data["image/png"]!)[..4]);
    }

    [Fact]
    public void Should_ShowTheChart_When_ItsKindHasNoStillPicture()
    {
        var (_, outputs) = fixture.Client.Run("Plotly.NET.GenericChart.ofTraceObject(true, new Plotly.NET.Trace2D(\"violin\"))");
        var data = outputs.Single(message => message.Type == "execute_result").Content["data"]!.AsObject();
        Assert.Equal(["text/html", "text/plain"], data.Select(form => form.Key).Order(StringComparer.Ordinal));
    }

    /// <summary>Whether the output of each cell carries plotly.js.</summary>
    private List<bool> Carry(params (string? Id, string Code)[] cells)
    {
        var carries = new List<bool>();
        foreach (var (id, code) in cells)
        {
            fixture.Client.Metadata = id is null ? [] : new JsonObject { ["cellId"] = id };
            var (reply, outputs) = fixture.Client.Run(code);
            Assert.Equal("ok", (string?)reply.Content["status"]);
            carries.Add(outputs.Sum(message => message.Content.ToJsonString().Length) > 3_000_000);
        }

        return carries;
    }
}
