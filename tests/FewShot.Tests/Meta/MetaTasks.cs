using FewShot.Episodes;
using FewShot.Models;
using TorchSharp;

namespace FewShot.Tests.Meta;

/// <summary>Small tasks and models, the same at every run.</summary>
internal static class MetaTasks
{
    public static Conv4 Strided(int ways = 3) => new(new Conv4Options { Size = 7, Channels = 2, Filters = 4, Blocks = 2, Ways = ways });

    public static Conv4 Pooled(int ways = 3) =>
        new(new Conv4Options { Size = 8, Channels = 2, Filters = 3, Blocks = 2, Ways = ways, Downsampling = Conv4Downsampling.MaxPool });

    public static IFunctionalModel Model(string name) => name switch
    {
        "linear" => new Mlp(3, 2),
        "mlp" => new Mlp(3, 5, 4, 2),
        "strided" => Strided(),
        "pooled" => Pooled(),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    /// <summary>Weights that are not near a symmetric point: all of them random.</summary>
    public static ModelWeights Weights(IFunctionalModel model, long seed = 5, torch.ScalarType dtype = torch.ScalarType.Float64)
    {
        var weights = model.Initial(seed, dtype);
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator((ulong)seed, torch.CPU);
        _ = weights.Flat.add_(torch.randn(weights.Flat.shape, dtype: torch.float64, generator: generator).mul_(0.3).to(dtype));
        return weights;
    }

    public static TaskBatch For(
        IFunctionalModel model,
        int tasks = 3,
        int support = 6,
        int query = 5,
        ulong seed = 1,
        torch.ScalarType dtype = torch.ScalarType.Float64)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(seed, torch.CPU);
        torch.Tensor Normal(params long[] shape) => torch.randn(shape, dtype: torch.float64, generator: generator).to(dtype);
        torch.Tensor Classes(int examples) => torch.arange(examples).remainder(3).repeat(tasks, 1);
        return model is Conv4 { Options: var image }
            ? new TaskBatch(
                Normal(tasks, support, image.Channels, image.Size, image.Size),
                Classes(support),
                Normal(tasks, query, image.Channels, image.Size, image.Size),
                Classes(query))
            : new TaskBatch(Normal(tasks, support, 3), Normal(tasks, support, 2), Normal(tasks, query, 3), Normal(tasks, query, 2));
    }

    public static double RelativeDifference(torch.Tensor one, torch.Tensor other)
    {
        using var scope = torch.NewDisposeScope();
        return ((one - other).abs().max() / other.abs().max()).to(torch.float64).item<double>();
    }
}
