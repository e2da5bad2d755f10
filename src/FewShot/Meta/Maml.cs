using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Meta;

/// <summary>
/// Model-agnostic meta-learning (Finn, Abbeel and Levine 2017): initial weights from which a few steps of gradient descent on the support
/// examples answer the query examples well. With the options of MAML++ (Antoniou, Edwards and Storkey 2019): rates learned for each layer
/// and step, and a loss after every step.
/// </summary>
public sealed class Maml : GradientLearner
{
    private readonly MamlOptions options;

    /// <summary>Starts from these weights, which are copied and stay the caller's.</summary>
    /// <exception cref="FewShotException">A setting is out of range, or the weights do not fit the model.</exception>
    public Maml(IFunctionalModel model, ModelWeights initial, MamlOptions? options = null)
        : base(model, initial, Rates(model, options ??= new MamlOptions()), options.Order, _ => true, Of(options))
    {
        this.options = options;
        if (options.LearnRates)
        {
            using var noGradient = torch.no_grad();
            _ = Learned[RatesName].fill_(options.InnerLearningRate);
        }
    }

    /// <summary>Name of the learned rates in <see cref="MetaLearner.Learned"/>: steps x layers.</summary>
    internal const string RatesName = "inner_rates";

    internal override string Identity => $"{nameof(Maml)} {Model.Name} {options}";

    /// <summary>What the base needs, checked.</summary>
    internal static MetaSettings Of(MamlOptions options)
    {
        _ = MetaSettings.Rate(options.InnerLearningRate);
        if (options.MultiStepLossIterations < 0)
            throw new FewShotException($"MultiStepLossIterations must be at least 0; found {options.MultiStepLossIterations}.");
        return new(options.InnerSteps, options.EvaluationSteps, options.BatchNorm, options.ChunkSize, options.GradientClip);
    }

    private protected override InnerUpdate Update(TaskChunk chunk, IReadOnlyList<torch.Tensor> learned)
    {
        if (!options.LearnRates)
            return (_, weight, gradient, _) => weight.add(gradient, -options.InnerLearningRate);
        var rates = learned[^1];
        return (index, weight, gradient, step) =>
            torch.addcmul(weight, gradient, rates[Math.Min(step, options.InnerSteps - 1)][Model.Weights[index].Layer], -1);
    }

    /// <summary>Equal shares at first, all on the last step at the end of the annealing, in a straight line between.</summary>
    private protected override double[] LossShares(long iteration)
    {
        if (iteration >= options.MultiStepLossIterations)
            return base.LossShares(iteration);
        var early = (1.0 - ((double)iteration / options.MultiStepLossIterations)) / options.InnerSteps;
        return [.. Enumerable.Repeat(early, options.InnerSteps - 1), 1 - (early * (options.InnerSteps - 1))];
    }

    private static IReadOnlyList<WeightShape> Rates(IFunctionalModel model, MamlOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        return options.LearnRates ? [new(RatesName, [options.InnerSteps, model.Weights.Max(weight => weight.Layer) + 1], -1, false)] : [];
    }
}
