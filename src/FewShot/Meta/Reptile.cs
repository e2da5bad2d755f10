using FewShot.Episodes;
using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Meta;

/// <summary>
/// Reptile (Nichol, Achiam and Schulman 2018, "On First-Order Meta-Learning Algorithms"): trains on a task for a few steps, then moves the
/// initial weights towards where that led. No gradient of a query loss is taken, so training tasks may be all support; of a task's
/// query examples only evaluation makes use.
/// </summary>
/// <remarks>
/// As in the authors' code (openai/supervised-reptile) the inner Adam's squares go on from task to task. There the tasks of a meta-batch
/// follow one another; here they run side by side from the same squares, whose mean over tasks is what remains.
/// </remarks>
public sealed class Reptile : MetaLearner
{
    private const string Squares = "inner_adam.square";
    private const string StepCount = "inner_adam.steps";
    // Sets the orders of evaluations apart from those of training.
    private const long EvaluationStreams = 1L << 40;
    private readonly ReptileOptions options;
    private readonly Dictionary<string, torch.Tensor> state;

    /// <summary>Starts from these weights, which are copied and stay the caller's.</summary>
    /// <exception cref="FewShotException">A setting is out of range, or the weights do not fit the model.</exception>
    public Reptile(IFunctionalModel model, ModelWeights initial, ReptileOptions? options = null)
        : base(model, initial, [], options ??= new ReptileOptions())
    {
        this.options = options;
        state = new(StringComparer.Ordinal)
        {
            [Squares] = torch.zeros_like(MetaParameters.Flat).DetachFromDisposeScope(),
            [StepCount] = torch.zeros(1, torch.int64).DetachFromDisposeScope(),
        };
    }

    /// <summary>None: the direction from the initial to the adapted weights takes the place of a gradient.</summary>
    public override GradientOrder? Order => null;

    internal override IReadOnlyDictionary<string, torch.Tensor> State => state;

    internal override string Identity => $"{nameof(Reptile)} {Model.Name} {MetaCheckpoint.Text(options)}";

    /// <summary>The initial weights less the mean of the adapted ones: the direction that a plain outer step follows downwards.</summary>
    /// <inheritdoc/>
    public override MetaGradient Gradient(TaskBatch tasks, long iteration = 0)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        using var scope = torch.NewDisposeScope();
        var chunks = Chunks(tasks).Count;
        var adapted = MetaParameters.Flat.new_empty(chunks, MetaParameters.Flat.shape[0]);
        var squares = MetaParameters.Flat.new_empty(chunks, MetaParameters.Flat.shape[0]);
        var losses = new double[chunks];
        ForEachChunk(tasks, chunk =>
        {
            var loop = Begin(chunk, options.InnerBatch, task => new StableRandom(options.Seed, (iteration << 16) + task));
            for (var step = 0; step < options.InnerSteps; step++)
                loop.Step();
            losses[chunk.Index] = loop.Loss;
            _ = adapted[chunk.Index].copy_(Sum(loop.Weights));
            _ = squares[chunk.Index].copy_(Sum(loop.Squares));
        });
        var direction = MetaParameters.Flat - adapted.sum([0]).div_(tasks.Count);
        return new MetaGradient(losses.Sum() / tasks.Count, direction.DetachFromDisposeScope(), Order)
        {
            State = new Dictionary<string, torch.Tensor>
            {
                [Squares] = squares.sum([0]).div_(tasks.Count).DetachFromDisposeScope(),
                [StepCount] = (state[StepCount] + options.InnerSteps).DetachFromDisposeScope(),
            },
        };
    }

    private protected override InnerLoop Begin(TaskChunk chunk) =>
        Begin(chunk, options.EvaluationBatch, task => new StableRandom(options.Seed, EvaluationStreams + task));

    private AdamLoop Begin(TaskChunk chunk, int batch, Func<int, StableRandom> random) => new(
        chunk,
        MetaParameters.Tensors,
        [.. ModelWeights.Views(state[Squares], MetaParameters.Shapes)],
        state[StepCount].item<long>(),
        options.InnerLearningRate,
        batch,
        random);

    private torch.Tensor Sum(IReadOnlyList<torch.Tensor> values) => MetaParameters.Flatten([.. values.Select(value => value.sum([0]))]);
}
