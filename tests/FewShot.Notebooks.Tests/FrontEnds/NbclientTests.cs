namespace FewShot.Notebooks.Tests.FrontEnds;

/// <summary>The notebooks through the kernel, executed by Jupyter's own client.</summary>
public class NbclientTests(CourseJupyter jupyter)
{
    // The notebook that measures this machine: its chart is of times.
    private const string Measurements = "00-setup-check.ipynb";

    /// <summary>
    /// Those that take seconds, and 01, which the exported page needs, too. The others run once already, and 03 in a browser as well:
    /// all tests together must take less than 25 minutes.
    /// </summary>
    public static TheoryData<string> Notebooks => [.. Course.Short.Select(row => row.Data), "01-transfer-learning.ipynb"];

    [Fact]
    public Task Should_RunToTheEnd_When_TheSetupCheckIsExecutedThroughTheKernel() => RunAsync(Measurements);

    [Theory(Explicit = true)]
    [MemberData(nameof(Notebooks))]
    public Task Should_ShowTheSameAsRun_When_ExecutedThroughTheKernel(string name) => RunAsync(name);

    private async Task RunAsync(string name)
    {
        Programs.Nbclient();
        var there = await jupyter.ExecuteAsync(name);
        var code = there.Cells.Where(cell => cell.IsCode).ToList();
        Assert.DoesNotContain(code, cell => cell.Outputs.Any(output => (string?)output!["output_type"] == "error"));
        Assert.Equal(Enumerable.Range(1, code.Count), code.Select(cell => cell.ExecutionCount!.Value));
        if (name != Measurements)
            Assert.Equal(ComparableOutputs.Of((await CourseRuns.OnStandInsAsync(name)).Notebook), ComparableOutputs.Of(there));
    }
}
