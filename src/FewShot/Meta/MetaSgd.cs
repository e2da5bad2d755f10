using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Meta;

/// <summary>
/// Meta-SGD (Li, Zhou, Chen and Li 2017): as <see cref="Maml"/>, but beside the initial weights it learns an inner learning rate for every
/// single one of them, which may become negative.
/// </summary>
public sealed class MetaSgd : Maml
{
    private const string RatePrefix = "inner_rate.";

    /// <summary>Starts from these weights, which are copied and stay the caller's.</summary>
    /// <exception cref="FewShotException">A setting is out of range, or the weights do not fit the model.</exception>
    public MetaSgd(IFunctionalModel model, ModelWeights initial, MetaSgdOptions? options = null)
        : base(model, initial, Rates(model), options ??= new MetaSgdOptions())
    {
        foreach (var index in Enumerable.Range(model.Weights.Count, model.Weights.Count))
        {
            var random = new StableRandom(options.Seed, index);
            var rates = Enumerable.Range(0, (int)MetaParameters.Shapes[index].Count)
                .Select(_ => random.Uniform(options.LowestInitialRate, options.HighestInitialRate));
            MetaParameters.Fill(index, rates);
        }
    }

    private protected override torch.Tensor Descended(
        int index, torch.Tensor weight, torch.Tensor gradient, IReadOnlyList<torch.Tensor> learned, int step) =>
        torch.addcmul(weight, gradient, learned[Model.Weights.Count + index].unsqueeze(0), -1);

    private static IReadOnlyList<WeightShape> Rates(IFunctionalModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. model.Weights.Select(weight => weight with { Name = RatePrefix + weight.Name })];
    }
}
