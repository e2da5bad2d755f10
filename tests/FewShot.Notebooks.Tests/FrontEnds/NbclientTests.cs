namespace FewShot.Notebooks.Tests.FrontEnds;

/// <summary>The notebooks through the kernel, executed by Jupyter's own client.</summary>
public class NbclientTests(CourseJupyter jupyter)
{
    /// <summary>All but the one that measures this machine: its chart is of times.</summary>
    public static TheoryData<string> WithoutMeasurements => [.. Course.Names.Where(name => name != "00-setup-check.ipynb")];

    [Theory]
    [MemberData(nameof(Course.All), MemberType = typeof(Course))]
    public async Task Should_RunToTheEnd_When_ExecutedThroughTheKernel(string name)
    {
        Programs.Nbclient();
        var code = (await jupyter.ExecuteAsync(name)).Cells.Where(cell => cell.IsCode).ToList();
        Assert.DoesNotContain(code, cell => cell.Outputs.Any(output => (string?)output!["output_type"] == "error"));
        Assert.Equal(Enumerable.Range(1, code.Count), code.Select(cell => cell.ExecutionCount!.Value));
    }

    [Theory]
    [MemberData(nameof(WithoutMeasurements))]
    public async Task Should_ShowTheSameAsRun_When_ExecutedThroughTheKernel(string name)
    {
        Programs.Nbclient();
        var here = CourseRuns.OnStandInsAsync(name);
        var there = await jupyter.ExecuteAsync(name);
        Assert.Equal(ComparableOutputs.Of((await here).Notebook), ComparableOutputs.Of(there));
    }
}
