using FewShot.Episodes;
using FewShot.Metric;
using FewShot.Models;
using FewShot.Tests.Meta;
using TorchSharp;

namespace FewShot.Tests.Metric;

/// <summary>Small tasks and learners, the same at every run.</summary>
internal static class MetricTasks
{
    public const int Ways = 3;

    public static TheoryData<string> Learners => ["Euclidean", "Cosine", "MatchingNetwork", "R2D2", "RelationNetwork"];

    public static Conv4Embedding Embedding { get; } = new(MetaTasks.Strided().Options);

    public static MetricLearner Learner(string name, torch.ScalarType dtype = torch.ScalarType.Float64)
    {
        using var initial = Embedding.Initial(3, dtype);
        return name switch
        {
            "Euclidean" => new ProtoNet(Embedding, initial),
            "Cosine" => new ProtoNet(Embedding, initial, Distance.Cosine),
            "MatchingNetwork" => new MatchingNetwork(Embedding, initial),
            "R2D2" => new R2D2(Embedding, initial),
            "RelationNetwork" => new RelationNetwork(Embedding, initial, seed: 1),
            "Baseline" => new Baseline(Embedding, initial, Ways),
            "BaselinePlusPlus" => new BaselinePlusPlus(Embedding, initial, Ways),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }

    public static TaskBatch Tasks(
        int tasks = 3, int query = 5, ulong seed = 1, torch.ScalarType dtype = torch.ScalarType.Float64) =>
        MetaTasks.For(MetaTasks.Strided(), tasks, query: query, seed: seed, dtype: dtype);

    /// <summary>One query of each task alone.</summary>
    public static TaskBatch Alone(TaskBatch tasks, int query) => new(
        tasks.SupportInputs.alias(),
        tasks.SupportTargets.alias(),
        tasks.QueryInputs.narrow(1, query, 1),
        tasks.QueryTargets.narrow(1, query, 1));
}
