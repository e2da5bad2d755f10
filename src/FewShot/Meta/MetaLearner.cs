using FewShot.Episodes;
using FewShot.Models;
using TorchSharp;

namespace FewShot.Meta;

/// <summary>Initial weights from which a model adapts to a new task in a few steps, and the way in which it adapts.</summary>
public abstract class MetaLearner : IDisposable
{
    /// <summary>The network.</summary>
    public IFunctionalModel Model => throw new NotImplementedException();

    /// <summary>All that is learned over tasks: the initial weights under the model's names, and inner learning rates where these are learned.</summary>
    public ModelWeights Learned => throw new NotImplementedException();

    /// <summary>The initial weights.</summary>
    public IReadOnlyList<torch.Tensor> Weights => throw new NotImplementedException();

    /// <summary>The order of the gradient that this learner trains with.</summary>
    public abstract GradientOrder Order { get; }

    /// <summary>The meta-gradient of these tasks.</summary>
    /// <param name="tasks">A meta-batch.</param>
    /// <param name="iteration">Of the training, from 0: what is annealed or drawn depends on it.</param>
    public abstract MetaGradient Gradient(TaskBatch tasks, long iteration = 0);

    /// <summary>The weights of each task after its inner steps.</summary>
    /// <param name="tasks">Only their support examples are used.</param>
    /// <param name="steps">Inner steps, from 0; null for the learner's number in evaluation.</param>
    /// <returns>T x shape for each weight of the model, without gradient; the caller disposes them.</returns>
    public IReadOnlyList<torch.Tensor> Adapt(TaskBatch tasks, int? steps = null) => throw new NotImplementedException();

    /// <summary>What the adapted weights say of the query inputs; their targets are not looked at.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="steps">Inner steps, from 0; null for the learner's number in evaluation.</param>
    /// <param name="batchNorm">Null for the learner's own.</param>
    /// <returns>T x Q x outputs: class scores (logits), or values.</returns>
    public torch.Tensor Predict(TaskBatch tasks, int? steps = null, BatchNormMode? batchNorm = null) => throw new NotImplementedException();

    /// <summary>Loss and accuracy on the query examples after 0, 1, 2, ... inner steps.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="steps">Inner steps, from 0; null for the learner's number in evaluation.</param>
    /// <param name="batchNorm">Null for the learner's own.</param>
    public MetaResult Evaluate(TaskBatch tasks, int? steps = null, BatchNormMode? batchNorm = null) => throw new NotImplementedException();

    /// <summary>Writes all that is learned, as safetensors.</summary>
    public void Save(string path, IReadOnlyDictionary<string, string>? metadata = null) => throw new NotImplementedException();

    /// <summary>Takes up what <see cref="Save"/> wrote.</summary>
    public void Load(string path) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}
