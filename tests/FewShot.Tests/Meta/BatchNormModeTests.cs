using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Models;
using TorchSharp;

namespace FewShot.Tests.Meta;

/// <summary>Which examples the means and variances of BatchNorm are taken over.</summary>
public class BatchNormModeTests
{
    public static TheoryData<string, int?> Cases => new()
    {
        { "strided", null },
        { "strided", 1 },
        { "pooled", null },
        { "pooled", 1 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Should_ScoreEachQueryAsIfItWereAlone_When_Inductive(string name, int? chunk)
    {
        using var scope = torch.NewDisposeScope();
        var (together, alone) = Scores(name, chunk, BatchNormMode.Inductive);
        Assert.InRange(MetaTasks.RelativeDifference(alone, together), 0, 1e-10);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Should_ScoreAQueryByItsNeighboursToo_When_Transductive(string name, int? chunk)
    {
        using var scope = torch.NewDisposeScope();
        var (together, alone) = Scores(name, chunk, BatchNormMode.Transductive);
        Assert.True(MetaTasks.RelativeDifference(alone, together) > 1e-3);
    }

    [Theory]
    [InlineData("strided")]
    [InlineData("pooled")]
    public void Should_EqualPyTorchsBatchNormWithTheSupportsStatistics_When_Inductive(string name)
    {
        using var scope = torch.NewDisposeScope();
        var model = (Conv4)MetaTasks.Model(name);
        using var weights = MetaTasks.Weights(model);
        using var tasks = MetaTasks.For(model, tasks: 1);
        using var learner = new Maml(model, weights, new MamlOptions { BatchNorm = BatchNormMode.Inductive });
        var found = learner.Predict(tasks, steps: 0)[0];

        var (support, query) = (tasks.SupportInputs[0], tasks.QueryInputs[0]);
        var pools = model.Options.Downsampling == Conv4Downsampling.MaxPool;
        for (var block = 0; block < model.Options.Blocks; block++)
        {
            var (kernel, scale, shift) = (weights.Tensors[3 * block], weights.Tensors[(3 * block) + 1], weights.Tensors[(3 * block) + 2]);
            var stride = pools ? 1 : 2;
            torch.Tensor Convolved(torch.Tensor images) =>
                torch.nn.functional.conv2d(images, kernel, strides: [stride, stride], padding: [1, 1]);
            support = Convolved(support);
            var (mean, variance) = (support.mean([0, 2, 3]), support.var([0, 2, 3], unbiased: false));
            torch.Tensor Normalised(torch.Tensor images)
            {
                var positive = torch.nn.functional.batch_norm(images, mean, variance, scale, shift, training: false, eps: 1e-5).relu();
                return pools ? torch.nn.functional.max_pool2d(positive, 2) : positive;
            }

            (support, query) = (Normalised(support), Normalised(Convolved(query)));
        }

        var features = pools ? query.flatten(1) : query.mean([2, 3]);
        Assert.InRange(
            MetaTasks.RelativeDifference(found, torch.nn.functional.linear(features, weights.Tensors[^2], weights.Tensors[^1])), 0, 1e-10);
    }

    /// <summary>Scores of all queries given at once, and of each given alone, T x Q x ways.</summary>
    private static (torch.Tensor Together, torch.Tensor Alone) Scores(string name, int? chunk, BatchNormMode mode)
    {
        var model = MetaTasks.Model(name);
        using var weights = MetaTasks.Weights(model);
        using var tasks = MetaTasks.For(model);
        using var learner = new Maml(model, weights, new MamlOptions { InnerLearningRate = 0.05, ChunkSize = chunk, BatchNorm = mode });
        var alone = Enumerable.Range(0, tasks.QueryCount).Select(query =>
        {
            using var one = new TaskBatch(
                tasks.SupportInputs.alias(),
                tasks.SupportTargets.alias(),
                tasks.QueryInputs.narrow(1, query, 1),
                tasks.QueryTargets.narrow(1, query, 1));
            return learner.Predict(one, steps: 2);
        });
        return (learner.Predict(tasks, steps: 2), torch.cat([.. alone], 1));
    }
}
