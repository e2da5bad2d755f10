using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Meta;

/// <summary>
/// Almost no inner loop (Raghu, Raghu, Bengio and Vinyals 2020, "Rapid Learning or Feature Reuse?"): as <see cref="Maml"/>, but only the
/// head adapts to a task; the layers before it are shared by all.
/// </summary>
public sealed class Anil : Maml
{
    private readonly double rate;

    /// <summary>Starts from these weights, which are copied and stay the caller's.</summary>
    /// <exception cref="FewShotException">A setting is out of range, or the weights do not fit the model.</exception>
    public Anil(IFunctionalModel model, ModelWeights initial, AnilOptions? options = null)
        : base(model, initial, [], options ??= new AnilOptions()) => rate = options.InnerLearningRate;

    private protected override bool Adapts(WeightShape weight) => weight.IsHead;

    private protected override torch.Tensor Descended(
        int index, torch.Tensor weight, torch.Tensor gradient, IReadOnlyList<torch.Tensor> learned, int step) =>
        weight.add(gradient, -rate);
}
