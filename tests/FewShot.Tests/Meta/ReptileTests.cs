using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Meta;

/// <summary>Reptile against its inner loop written out: Adam with beta1 = 0 (Kingma and Ba 2015, algorithm 1), task by task.</summary>
public class ReptileTests
{
    private const double Rate = 0.02, Beta2 = 0.999, Epsilon = 1e-8, Tolerance = 1e-10;
    private const int Steps = 4;

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public void Should_PointFromTheAdaptedWeightsToTheFirst_When_TheDirectionIsAskedFor(int? chunk)
    {
        using var scope = torch.NewDisposeScope();
        var model = MetaTasks.Model("mlp");
        using var initial = MetaTasks.Weights(model);
        using var tasks = MetaTasks.For(model);
        using var learner = new Reptile(
            model,
            initial,
            new ReptileOptions { InnerLearningRate = Rate, InnerSteps = Steps, InnerBatch = tasks.SupportCount, ChunkSize = chunk });
        using var trainer = new MetaTrainer(
            learner,
            new One(model),
            options: MetaTrainerOptions.Reptile with { LearningRate = 0.5, Schedule = LearningRateSchedule.Constant });

        var weights = initial.Tensors.Select(weight => weight.clone()).ToArray();
        var squares = weights.Select(weight => torch.zeros_like(weight)).ToArray();
        // The second meta-iteration goes on with the squares of the first.
        for (var iteration = 0; iteration < 2; iteration++)
        {
            using var found = learner.Gradient(tasks, iteration);
            Assert.Null(found.Order);
            var adapted = Enumerable.Range(0, tasks.Count).Select(task => Adam(task, iteration * Steps)).ToList();
            var means = weights.Select((_, index) => torch.stack([.. adapted.Select(each => each.Weights[index])]).mean([0])).ToArray();
            foreach (var (index, direction) in learner.MetaParameters.Split(found.Gradient).Index())
                Assert.InRange((direction - (weights[index] - means[index])).abs().max().item<double>(), 0, Tolerance);

            _ = trainer.Advance(1, null, TestContext.Current.CancellationToken);
            weights = [.. weights.Select((weight, index) => (weight + means[index]) / 2)];
            squares = [.. squares.Select((_, index) => torch.stack([.. adapted.Select(each => each.Squares[index])]).mean([0]))];
            foreach (var (index, weight) in weights.Index())
                Assert.InRange((learner.MetaParameters.Tensors[index] - weight).abs().max().item<double>(), 0, Tolerance);
        }

        (torch.Tensor[] Weights, torch.Tensor[] Squares) Adam(int task, int before)
        {
            var (own, ownSquares) = (weights, squares);
            for (var step = before + 1; step <= before + Steps; step++)
            {
                var gradients = InnerUpdateTests.Gradients(model, own, tasks, task);
                ownSquares = [.. ownSquares.Select((square, index) =>
                    (square * Beta2) + (gradients[index] * gradients[index] * (1 - Beta2)))];
                own = [.. own.Select((weight, index) =>
                    weight - (gradients[index] * Rate / ((ownSquares[index] / (1 - Math.Pow(Beta2, step))).sqrt() + Epsilon)))];
            }

            return (own, ownSquares);
        }
    }

    [Fact]
    public void Should_SeeEveryExampleOnceARound_When_BatchesAreSmaller()
    {
        // A rate of nearly 0 leaves the weights alone, so that the gradient of an example does not depend on when it is seen.
        using var scope = torch.NewDisposeScope();
        var model = MetaTasks.Model("linear");
        using var initial = MetaTasks.Weights(model);
        using var tasks = MetaTasks.For(model, tasks: 1, support: 6);
        var each = Enumerable.Range(0, 6).Select(example =>
        {
            using var one = new TaskBatch(
                tasks.SupportInputs.narrow(1, example, 1),
                tasks.SupportTargets.narrow(1, example, 1),
                tasks.QueryInputs.alias(),
                tasks.QueryTargets.alias());
            return InnerUpdateTests.Gradients(model, initial.Tensors, one, 0).Sum(gradient => gradient.square().sum().item<double>());
        }).ToList();
        using var learner = new Reptile(model, initial, new ReptileOptions { InnerLearningRate = 1e-12, InnerSteps = 6, InnerBatch = 1 });
        using var found = learner.Gradient(tasks);
        // The squares are those of all six, whatever their order; the decay of 0.999 hardly counts.
        Assert.InRange(found.State["inner_adam.square"].sum().item<double>() / ((1 - Beta2) * each.Sum()), 1 - (6 * (1 - Beta2)), 1);
    }

    private sealed class One(IFunctionalModel model) : ITaskSource
    {
        public string Identity => "one meta-batch";

        public TaskBatch Draw(long iteration) => MetaTasks.For(model);
    }
}
