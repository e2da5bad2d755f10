using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Metric;

/// <summary>
/// What <see cref="Baseline"/> and <see cref="BaselinePlusPlus"/> share: a network trained with one classifier of all base classes, no
/// episodes; for a new task the network stays, and a fresh classifier is fitted to the support.
/// </summary>
/// <remarks>Trained on batches whose labels are those of the base classes: see <see cref="ClassBatches"/>.</remarks>
public abstract class BaseClassifier : MetricLearner
{
    private protected const string WeightName = "classifier.weight";
    private readonly int classes;
    private readonly BaselineOptions options;

    private protected BaseClassifier(
        IEmbedding embedding, ModelWeights initial, IReadOnlyList<WeightShape> extra, int classes, BaselineOptions options)
        : base(embedding, initial, extra)
    {
        (this.classes, this.options) = (classes, options);
        foreach (var (index, shape) in MetaParameters.Shapes.Index().Skip(embedding.Weights.Count))
        {
            if (shape.Shape.Count > 1)
                MetaParameters.Fill(index, First((int)shape.Count));
        }
    }

    internal override string Identity =>
        $"{GetType().Name} of {classes} classes, {Embedding.Name} {MetaCheckpoint.Text(options)}";

    /// <summary>The scores of a classifier.</summary>
    /// <param name="vectors">T x N x D.</param>
    /// <param name="weights">T x classes x D, then what else the classifier has.</param>
    /// <returns>T x N x classes.</returns>
    private protected abstract torch.Tensor Classify(torch.Tensor vectors, IReadOnlyList<torch.Tensor> weights);

    /// <summary>The cross-entropy of all images of the batch over the base classes.</summary>
    private protected override torch.Tensor TrainingLoss(
        TaskBatch tasks, IReadOnlyList<torch.Tensor> learned, NormStatistics statistics)
    {
        var targets = torch.cat([tasks.SupportTargets.flatten(), tasks.QueryTargets.flatten()]);
        CheckLabels(GetType().Name, targets, classes);
        var images = torch.cat([tasks.SupportInputs.flatten(0, 1), tasks.QueryInputs.flatten(0, 1)]);
        var vectors = Embedded(images, learned, statistics).unsqueeze(0);
        IReadOnlyList<torch.Tensor> weights = [.. learned.Skip(Embedding.Weights.Count).Select(weight => weight.unsqueeze(0))];
        return torch.nn.functional.cross_entropy(Classify(vectors, weights)[0], targets);
    }

    /// <summary>Fits a classifier to the support of every task at once, then asks it about the queries.</summary>
    private protected override torch.Tensor Compare(EmbeddedTasks tasks)
    {
        var targets = tasks.Members.argmax(2).flatten();
        var weights = Fresh(tasks);
        var momenta = weights.Select(weight => torch.zeros_like(weight)).ToArray();
        for (var step = 0; step < options.Steps; step++)
        {
            using var scope = torch.NewDisposeScope();
            var inputs = weights.Select(weight => weight.detach().requires_grad_()).ToArray();
            using (torch.enable_grad())
            {
                // The sum over tasks of each one's mean, so that every task's gradient is its own.
                var loss = torch.nn.functional.cross_entropy(
                    Classify(tasks.Support, inputs).flatten(0, 1), targets, reduction: torch.nn.Reduction.Sum) / tasks.Support.shape[1];
                var gradients = Autograd.Gradients(loss, inputs);
                using var noGradient = torch.no_grad();
                foreach (var (weight, momentum, gradient) in weights.Zip(momenta, gradients))
                {
                    _ = momentum.mul_(options.Momentum)
                        .add_(gradient.add(weight, options.WeightDecay), 1 - (step == 0 ? 0 : options.Momentum));
                    _ = weight.add_(momentum, -options.LearningRate);
                }
            }
        }

        return Classify(tasks.Query, weights);
    }

    /// <summary>The first values of a classifier of each task, T x way x D and so on.</summary>
    private torch.Tensor[] Fresh(EmbeddedTasks tasks) => [.. tasks.Learned.Select(weight =>
    {
        long[] shape = [tasks.Way, .. weight.shape[1..]];
        var values = weight.dim() > 1
            ? torch.tensor(First((int)(tasks.Way * weight.shape[1])).ToArray(), shape).to(weight.dtype).to(weight.device)
            : weight.new_zeros(shape);
        return values.unsqueeze(0).expand([tasks.Count, .. shape]).clone();
    })];

    /// <summary>Evenly from -b to b, b = 1 / sqrt(D), as a linear layer starts in PyTorch.</summary>
    private IEnumerable<double> First(int count)
    {
        var bound = 1 / Math.Sqrt(Embedding.FeatureCount);
        var random = new StableRandom(options.Seed, Embedding.Weights.Count);
        return Enumerable.Range(0, count).Select(_ => random.Uniform(-bound, bound));
    }

    private protected static (int Classes, BaselineOptions Options) Checked(int classes, BaselineOptions? options)
    {
        options ??= new BaselineOptions();
        options.Check();
        return classes >= 2 ? (classes, options) : throw new FewShotException($"A classifier needs at least 2 classes; found {classes}.");
    }
}
