using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Meta;

/// <summary>
/// ProtoMAML (Triantafillou et al. 2020, "Meta-Dataset", section 3): as <see cref="Maml"/>, but the head of each task starts from the
/// prototypes of its support, weight 2 c and bias -|c|^2 for a prototype c: with these it says what a prototypical network says. The
/// meta-gradient passes through the prototypes.
/// </summary>
/// <remarks>The head among the initial weights plays no part and is not learned.</remarks>
public sealed class ProtoMaml : Maml
{
    private readonly long ways;
    private readonly long features;

    /// <summary>Starts from these weights, which are copied and stay the caller's.</summary>
    /// <exception cref="FewShotException">A setting is out of range, the weights do not fit the model, or its head is not a weight,
    /// ways x features, and a bias.</exception>
    public ProtoMaml(IFunctionalModel model, ModelWeights initial, MamlOptions? options = null)
        : base(model, initial, options)
    {
        var head = model.Weights.Where(weight => weight.IsHead).Select(weight => weight.Shape).ToList();
        if (head.Count != 2 || head[0].Count != 2 || head[1].Count != 1 || !model.Weights[^1].IsHead || !model.Weights[^2].IsHead)
        {
            Dispose();
            throw new FewShotException($"The last two weights of {model.Name} must be its head: a weight, ways x features, and a bias.");
        }

        (ways, features) = (head[0][0], head[0][1]);
    }

    private protected override IReadOnlyList<torch.Tensor> Start(TaskChunk chunk, IReadOnlyList<torch.Tensor> initial)
    {
        if (!chunk.Tasks.IsClassification)
            throw new FewShotException("ProtoMaml tells classes apart: the targets must be int64, tasks x examples.");
        var members = torch.nn.functional.one_hot(chunk.Tasks.SupportTargets, ways).to(initial[0].dtype);
        var counts = members.sum([1]);
        if (counts.eq(0).any().item<bool>())
            throw new FewShotException($"Every class of a task needs a support example; some task lacks one of the {ways} classes.");

        // With the identity for a head, the network's outputs are its features. These weights are not the ones that adapt: an inner step
        // takes the head for what it is, not for a function of the other weights.
        var weights = chunk.Start(initial).ToArray();
        weights[^2] = torch.eye(features, dtype: initial[0].dtype, device: initial[0].device).expand(chunk.Tasks.Count, features, features);
        weights[^1] = initial[0].new_zeros(chunk.Tasks.Count, features);
        var vectors = Model.Forward(weights, chunk.Tasks.SupportInputs);
        var prototypes = members.transpose(1, 2).bmm(vectors) / counts.unsqueeze(2);

        var start = chunk.Start(initial).ToArray();
        start[^2] = 2 * prototypes;
        start[^1] = -prototypes.square().sum(2);
        return start;
    }
}
