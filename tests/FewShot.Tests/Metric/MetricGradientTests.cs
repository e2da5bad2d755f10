using TorchSharp;

namespace FewShot.Tests.Metric;

public class MetricGradientTests
{
    public static TheoryData<string> Learners => [.. MetricTasks.Learners.Select(row => row.Data), "Baseline", "BaselinePlusPlus"];

    /// <summary>Each difference is between the losses of the same meta-batch under slightly other weights.</summary>
    [Theory]
    [MemberData(nameof(Learners))]
    public void Should_EqualCentralDifferences_When_Differentiated(string name)
    {
        const double step = 1e-6;
        using var scope = torch.NewDisposeScope();
        using var learner = MetricTasks.Learner(name);
        using var tasks = MetricTasks.Tasks();
        using var gradient = learner.Gradient(tasks);
        var found = gradient.Gradient.data<double>().ToArray();
        var flat = learner.MetaParameters.Flat;
        var scale = found.Max(Math.Abs);
        // Some sixty components are checked, spread evenly over all layers, and the last ten: the learner's own.
        for (var i = 0; i < found.Length; i += i < found.Length - 10 ? Math.Max(1, found.Length / 60) : 1)
        {
            var value = flat[i].item<double>();
            double Loss(double shifted)
            {
                using var noGradient = torch.no_grad();
                _ = flat[i].fill_(shifted);
                using var there = learner.Gradient(tasks);
                _ = flat[i].fill_(value);
                return there.Loss;
            }

            var expected = (Loss(value + step) - Loss(value - step)) / (2 * step);
            Assert.True(
                Math.Abs(found[i] - expected) <= 1e-6 * scale,
                $"Component {i} is {found[i]}, by differences {expected}; the largest is {scale}.");
        }
    }
}
