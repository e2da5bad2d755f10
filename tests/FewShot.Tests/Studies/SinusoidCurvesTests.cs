using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Runtime;
using FewShot.Studies;

namespace FewShot.Tests.Studies;

public class SinusoidCurvesTests
{
    [Fact]
    public void Should_ReachFromEndToEnd_When_AWaveIsDrawn()
    {
        var wave = new Sinusoid(2, 1);
        Assert.Equal([-5, 0, 5], [SinusoidCurves.X[0], SinusoidCurves.X[50], SinusoidCurves.X[100]]);
        Assert.Equal(101, SinusoidCurves.X.Count);
        Assert.Equal(2 * Math.Sin(5 - 1), SinusoidCurves.Of(wave)[100], 12);
    }

    // At the support points themselves the curve must be what the adapted network answers there.
    [Fact]
    public void Should_DrawWhatTheAdaptedNetworkAnswers_When_ItTookInnerSteps()
    {
        using var initial = SinusoidStudy.Model.Initial(0);
        using var learner = new Maml(SinusoidStudy.Model, initial, SinusoidStudy.Maml);
        using var task = new SinusoidTasks(shot: 10, tasks: 1, seed: 4).Draw(0);

        var curve = SinusoidCurves.Of(learner, task, steps: 3);

        var (x, y) = SinusoidCurves.Support(task);
        using var fitted = learner.Predict(
            new TaskBatch(
                task.SupportInputs.clone(), task.SupportTargets.clone(), task.SupportInputs.clone(), task.SupportTargets.clone()),
            3);
        var answers = fitted.data<float>().ToArray();
        Assert.Equal(10, x.Count);
        Assert.Equal(task.SupportTargets.data<float>().Select(value => (double)value), y);
        for (var point = 0; point < x.Count; point++)
            Assert.Equal(Between(curve, x[point]), answers[point], 0.05);
        Assert.NotEqual(SinusoidCurves.Of(learner, task, steps: 0), curve);
    }

    [Fact]
    public void Should_Refuse_When_ThereAreSeveralTasks()
    {
        using var initial = SinusoidStudy.Model.Initial(0);
        using var learner = new Maml(SinusoidStudy.Model, initial, SinusoidStudy.Maml);
        using var tasks = new SinusoidTasks(shot: 5, tasks: 2, seed: 4).Draw(0);
        Assert.Throws<FewShotException>(() => SinusoidCurves.Of(learner, tasks, steps: 1));
        Assert.Throws<FewShotException>(() => SinusoidCurves.Support(tasks));
    }

    private static double Between(IReadOnlyList<double> curve, double x)
    {
        var place = (x + 5) * 10;
        var left = Math.Min((int)place, curve.Count - 2);
        return curve[left] + ((place - left) * (curve[left + 1] - curve[left]));
    }
}
