using FewShot.Episodes;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.SafeTensors;
using TorchSharp;

namespace FewShot.Meta;

/// <summary>
/// What <see cref="MetaTrainer"/> trains on one meta-batch of tasks after another: a learner that adapts its weights to each task
/// (<see cref="MetaLearner"/>), or one that keeps them and compares examples.
/// </summary>
/// <remarks>Tasks and weights are of one floating-point type, and on one device.</remarks>
public abstract class EpisodicLearner : IDisposable
{
    private protected EpisodicLearner(
        string name, IReadOnlyList<WeightShape> shapes, ModelWeights initial, IReadOnlyList<WeightShape> extra)
    {
        ArgumentNullException.ThrowIfNull(initial);
        if (!initial.Shapes.Select(Text).SequenceEqual(shapes.Select(Text)))
        {
            throw new FewShotException(
                $"The initial weights do not fit {name}: they are {string.Join(", ", initial.Shapes.Select(Text))}.");
        }

        MetaParameters = new ModelWeights([.. shapes, .. extra], initial.Flat.dtype);
        using var noGradient = torch.no_grad();
        foreach (var (target, source) in MetaParameters.Tensors.Zip(initial.Tensors))
            _ = target.copy_(source);
    }

    /// <summary>All that is learned over tasks: the weights under the network's names, and what else the learner learns.</summary>
    public ModelWeights MetaParameters { get; }

    /// <summary>
    /// Tensors that change in training and are not learned by the outer step (running averages), by name: a checkpoint keeps them.
    /// </summary>
    internal virtual IReadOnlyDictionary<string, torch.Tensor> State { get; } = new Dictionary<string, torch.Tensor>();

    /// <summary>Name and settings, for the checkpoint.</summary>
    internal abstract string Identity { get; }

    /// <summary>The gradient of these tasks with respect to <see cref="MetaParameters"/>.</summary>
    /// <param name="tasks">A meta-batch.</param>
    /// <param name="iteration">Of the training, from 0: what is annealed or drawn depends on it.</param>
    /// <exception cref="FewShotException">The tasks do not fit the weights.</exception>
    public abstract MetaGradient Gradient(TaskBatch tasks, long iteration = 0);

    /// <summary>What is said of the query inputs after learning from the support; the queries' targets are not looked at.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="batchNorm">Null for the learner's own.</param>
    /// <returns>T x Q x outputs: class scores, or values.</returns>
    /// <exception cref="FewShotException">The tasks do not fit the weights, or the learner does not answer in this mode.</exception>
    public abstract torch.Tensor Predict(TaskBatch tasks, BatchNormMode? batchNorm = null);

    /// <summary>Loss and accuracy on the query examples, as a training is validated: one measurement.</summary>
    internal abstract MetaResult EvaluateLast(TaskBatch tasks);

    /// <summary>Learns from the support of these tasks, once.</summary>
    /// <returns>What then answers queries of the same tasks, as <see cref="Predict"/> does.</returns>
    internal abstract Func<TaskBatch, BatchNormMode, torch.Tensor> Prepare(TaskBatch tasks);

    /// <summary>Writes all that is learned, as safetensors.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="metadata">Free text kept in the file: how the weights were made.</param>
    public void Save(string path, IReadOnlyDictionary<string, string>? metadata = null) =>
        TensorFile.Write(path, MetaParameters.Named.Concat(State).ToDictionary(), metadata);

    /// <summary>Takes up what <see cref="Save"/> wrote.</summary>
    /// <exception cref="FewShotException">The file is damaged or does not fit; nothing has changed then.</exception>
    public void Load(string path)
    {
        using var file = TensorFile.Read(path);
        NamedTensors.Copy(path, file.Tensors, MetaParameters.Named.Concat(State).ToDictionary());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the tensors.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        foreach (var tensor in State.Values)
            tensor.Dispose();
        MetaParameters.Dispose();
    }

    /// <summary>Refuses tasks of another type or device than the weights.</summary>
    private protected void CheckType(TaskBatch tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        var inputs = tasks.SupportInputs;
        if (inputs.dtype != MetaParameters.Flat.dtype || inputs.device_type != MetaParameters.Flat.device_type)
        {
            throw new FewShotException(
                $"The tasks are {inputs.dtype} on {inputs.device_type}, "
                + $"the weights {MetaParameters.Flat.dtype} on {MetaParameters.Flat.device_type}: they must agree.");
        }
    }

    /// <summary>Refuses class labels outside 0 to <paramref name="classes"/> - 1.</summary>
    private protected static void CheckLabels(string name, torch.Tensor targets, long classes)
    {
        // libtorch passes over a label of -100 without a word, and ends a GPU's context at one beyond the last.
        using var scope = torch.NewDisposeScope();
        var (low, high) = (targets.min().item<long>(), targets.max().item<long>());
        if (low < 0 || high >= classes)
        {
            throw new FewShotException(
                $"{name} tells {classes} classes apart: the labels must lie in 0..{classes - 1}; found {low} to {high}.");
        }
    }

    /// <summary>Values of any type and device as numbers of C#.</summary>
    private protected static double[] Numbers(torch.Tensor values) => values.to(torch.float64).cpu().data<double>().ToArray();

    private static string Text(WeightShape shape) => $"{shape.Name} [{string.Join(", ", shape.Shape)}]";
}
