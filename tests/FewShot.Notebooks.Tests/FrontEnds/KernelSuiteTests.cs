namespace FewShot.Notebooks.Tests.FrontEnds;

/// <summary>Jupyter's own tests of kernels.</summary>
public class KernelSuiteTests(CourseJupyter jupyter)
{
    [Fact(Explicit = true)]
    public Task Should_PassJupytersTestsOfKernels_When_TheyAreInstalled() =>
        jupyter.RunAsync(Programs.KernelTests(), Path.Combine(AppContext.BaseDirectory, "FrontEnds", "kernel_tests.py"));
}
