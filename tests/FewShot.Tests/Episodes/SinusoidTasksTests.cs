using FewShot.Episodes;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Episodes;

public class SinusoidTasksTests
{
    [Fact]
    public void Should_LieOnTheWave_When_Drawn()
    {
        var tasks = new SinusoidTasks(shot: 5, query: 7, tasks: 3, seed: 2, device: torch.CPU);
        using var batch = tasks.Draw(4);
        Assert.Equal([3, 5, 1], batch.SupportInputs.shape);
        Assert.Equal([3, 7, 1], batch.QueryTargets.shape);
        for (var task = 0; task < 3; task++)
        {
            var wave = tasks.Wave((4 * 3) + task);
            var sides = new[] { (batch.SupportInputs, batch.SupportTargets), (batch.QueryInputs, batch.QueryTargets) };
            foreach (var (inputs, targets) in sides)
            {
                var (x, y) = (inputs[task].data<float>().ToArray(), targets[task].data<float>().ToArray());
                Assert.All(x.Zip(y), point => Assert.Equal(wave.Amplitude * Math.Sin(point.First - wave.Phase), point.Second, 5));
            }
        }
    }

    // Means and spreads of even distributions: middle, and width / sqrt 12.
    [Fact]
    public void Should_FollowTheProtocol_When_ManyAreDrawn()
    {
        var tasks = new SinusoidTasks(device: torch.CPU);
        var waves = Enumerable.Range(0, 20_000).Select(number => tasks.Wave(number)).ToArray();
        AssertEven([.. waves.Select(wave => wave.Amplitude)], 0.1, 5);
        AssertEven([.. waves.Select(wave => wave.Phase)], 0, Math.PI);
        using var batch = new SinusoidTasks(shot: 10, tasks: 2000, device: torch.CPU).Draw(0);
        AssertEven([.. batch.SupportInputs.data<float>().Select(x => (double)x)], -5, 5);
        AssertEven([.. batch.QueryInputs.data<float>().Select(x => (double)x)], -5, 5);
    }

    [Fact]
    public void Should_DependOnSeedAndIterationAlone_When_Drawn()
    {
        using var one = new SinusoidTasks(seed: 1, device: torch.CPU).Draw(9);
        using var again = new SinusoidTasks(seed: 1, device: torch.CPU).Draw(9);
        using var other = new SinusoidTasks(seed: 2, device: torch.CPU).Draw(9);
        Assert.Equal(one.SupportInputs.data<float>(), again.SupportInputs.data<float>());
        Assert.NotEqual(one.SupportInputs.data<float>().ToArray(), other.SupportInputs.data<float>().ToArray());
        Assert.NotEqual(one.SupportInputs.data<float>().ToArray(), one.QueryInputs.data<float>().ToArray());
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, -1)]
    public void Should_SayWhatIsTooFew_When_ACountIsBelowOne(int shot, int query, int tasks)
    {
        var error = Assert.Throws<FewShotException>(() => new SinusoidTasks(shot, query, tasks, device: torch.CPU));
        Assert.EndsWith($"asked for {shot}, {query} and {tasks}.", error.Message, StringComparison.Ordinal);
    }

    private static void AssertEven(double[] values, double low, double high)
    {
        Assert.All(values, value => Assert.InRange(value, low, high));
        var mean = values.Average();
        Assert.Equal((low + high) / 2, mean, (high - low) / 100);
        Assert.Equal((high - low) / Math.Sqrt(12), Math.Sqrt(values.Average(value => (value - mean) * (value - mean))), (high - low) / 100);
    }
}
