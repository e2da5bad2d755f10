using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Meta;

/// <summary>
/// Adam with beta1 = 0 on batches of the support examples: Reptile's inner loop. Every task has squares of its own, which go on from the
/// learner's running average.
/// </summary>
internal sealed class AdamLoop : InnerLoop
{
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;
    private readonly TaskChunk chunk;
    private readonly double rate;
    private readonly long stepsBefore;
    private readonly ExampleOrder[] orders;
    private readonly int batch;

    /// <param name="chunk">The tasks.</param>
    /// <param name="initial">Weights of the model.</param>
    /// <param name="squares">Running averages of squared gradients, shaped as the weights.</param>
    /// <param name="stepsBefore">Steps that are in these averages.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="batch">Support examples of a step; all where there are no more.</param>
    /// <param name="random">The numbers that order the examples of a task, by its position in the meta-batch.</param>
    public AdamLoop(
        TaskChunk chunk,
        IReadOnlyList<torch.Tensor> initial,
        IReadOnlyList<torch.Tensor> squares,
        long stepsBefore,
        double rate,
        int batch,
        Func<int, StableRandom> random)
        : base(chunk.Start(initial))
    {
        (this.chunk, this.stepsBefore, this.rate) = (chunk, stepsBefore, rate);
        this.batch = Math.Min(batch, chunk.Tasks.SupportCount);
        Squares = chunk.Start(squares);
        orders = [.. Enumerable.Range(0, chunk.Tasks.Count)
            .Select(task => new ExampleOrder(chunk.Tasks.SupportCount, random(chunk.First + task)))];
    }

    /// <summary>Each task's running averages of squared gradients.</summary>
    public IReadOnlyList<torch.Tensor> Squares { get; private set; }

    /// <summary>Sum over tasks of the mean loss of the latest batch, before the step on it.</summary>
    public double Loss { get; private set; }

    protected override IReadOnlyList<torch.Tensor> Updated(int step)
    {
        var inputs = Weights.Select(weight => weight.detach().requires_grad_()).ToArray();
        var loss = batch == chunk.Tasks.SupportCount ? chunk.SupportLoss(inputs) : BatchLoss(inputs);
        var gradients = Autograd.Gradients(loss, inputs, names: [.. chunk.Model.Weights.Select(weight => weight.Name)]);
        using var noGradient = torch.no_grad();
        Loss = loss.to(torch.float64).item<double>();
        var squares = Squares.Zip(gradients).Select(pair => pair.First.mul(Beta2).addcmul_(pair.Second, pair.Second, 1 - Beta2)).ToArray();
        foreach (var square in squares)
            _ = square.MoveToOuterDisposeScope();
        foreach (var square in Squares)
            square.Dispose();
        Squares = squares;
        var correction = Math.Sqrt(1 - Math.Pow(Beta2, stepsBefore + step + 1));
        return [.. inputs.Select((weight, index) =>
            weight.detach().addcdiv(gradients[index], squares[index].sqrt().div_(correction).add_(Epsilon), -rate))];
    }

    private torch.Tensor BatchLoss(IReadOnlyList<torch.Tensor> weights)
    {
        var tasks = chunk.Tasks;
        var positions = orders
            .SelectMany((order, task) => order.Next(batch).Select(example => ((long)task * tasks.SupportCount) + example))
            .ToArray();
        var index = torch.tensor(positions, torch.int64, tasks.SupportInputs.device);
        torch.Tensor Pick(torch.Tensor values) =>
            values.flatten(0, 1).index_select(0, index).view([tasks.Count, batch, .. values.shape.Skip(2)]);
        return chunk.SupportLoss(weights, Pick(tasks.SupportInputs), Pick(tasks.SupportTargets));
    }

    /// <summary>Examples in random order, round after round; a batch may run over the end of a round.</summary>
    private sealed class ExampleOrder(int count, StableRandom random)
    {
        private readonly int[] order = [.. Enumerable.Range(0, count)];
        private int next = int.MaxValue;

        public IEnumerable<int> Next(int wanted)
        {
            for (var taken = 0; taken < wanted; taken++)
            {
                if (next >= order.Length)
                {
                    random.Draw<int>(order, order.Length);
                    next = 0;
                }

                yield return order[next++];
            }
        }
    }
}
