using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Meta;

/// <summary>
/// Almost no inner loop (Raghu, Raghu, Bengio and Vinyals 2020, "Rapid Learning or Feature Reuse?"): as <see cref="Maml"/>, but only the
/// head adapts to a task; the layers before it are shared by all.
/// </summary>
public sealed class Anil : GradientLearner
{
    private readonly MamlOptions options;

    /// <summary>Starts from these weights, which are copied and stay the caller's.</summary>
    /// <exception cref="FewShotException">A setting is out of range, MAML++'s options are asked for, or the weights do not fit the model.</exception>
    public Anil(IFunctionalModel model, ModelWeights initial, MamlOptions? options = null)
        : base(model, initial, [], (options ??= new MamlOptions()).Order, weight => weight.IsHead, Maml.Of(options))
    {
        if (options.LearnRates || options.MultiStepLossIterations > 0)
            throw new FewShotException("ANIL has neither learned rates nor a multi-step loss: these are options of Maml.");
        this.options = options;
    }

    internal override string Identity => $"{nameof(Anil)} {Model.Name} {options}";

    private protected override InnerUpdate Update(TaskChunk chunk, IReadOnlyList<torch.Tensor> learned) =>
        (_, weight, gradient, _) => weight.add(gradient, -options.InnerLearningRate);
}
