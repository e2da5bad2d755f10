using System.Globalization;
using FewShot.Heads;
using FewShot.Runtime;
using TorchSharp;
using TorchSharp.Modules;

namespace FewShot.Transfer;

/// <summary>What <see cref="LinearProbe"/> learnt.</summary>
/// <param name="Head">The classifier; the caller's to dispose.</param>
/// <param name="LossPerEpoch">Mean cross-entropy over each epoch's batches, as they were met.</param>
public sealed record LinearProbeResult(LinearHead Head, IReadOnlyList<double> LossPerEpoch) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Head.Dispose();
}

/// <summary>
/// A linear layer trained on frozen features by Adam (Kingma and Ba 2015). It stops after a number of epochs, converged or not;
/// <see cref="LogisticRegression"/> goes to the minimum.
/// </summary>
public static class LinearProbe
{
    // Epochs have the streams 0, 1, 2, ...
    private const long MixingStream = -1;

    /// <summary>Trains on a bank; each view of an image is a sample of its own.</summary>
    /// <inheritdoc cref="Train(torch.Tensor, torch.Tensor, int, LinearProbeOptions?, IProgress{StepProgress}?)"/>
    public static LinearProbeResult Train(FeatureBank bank, LinearProbeOptions? options = null, IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(bank);
        return Train(bank.Views, bank.Labels, bank.ClassNames.Count, bank.Space, options, progress);
    }

    /// <summary>Trains on features.</summary>
    /// <param name="features">float32, N x D, or views x N x D, on the CPU.</param>
    /// <param name="labels">int64, N.</param>
    /// <param name="classes">Number of classes; each needs an image.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told the loss of each epoch.</param>
    /// <exception cref="FewShotException">The inputs do not fit together, a setting is out of range, or the
    /// loss is not a number.</exception>
    public static LinearProbeResult Train(
        torch.Tensor features,
        torch.Tensor labels,
        int classes,
        LinearProbeOptions? options = null,
        IProgress<StepProgress>? progress = null) =>
        Train(features, labels, classes, TrainingFeatures.PlainSpace(features), options, progress);

    private static LinearProbeResult Train(
        torch.Tensor features,
        torch.Tensor labels,
        int classes,
        LabelledSpace space,
        LinearProbeOptions? options,
        IProgress<StepProgress>? progress)
    {
        options ??= new LinearProbeOptions();
        _ = TrainingFeatures.Check(features, labels, classes);
        if (features.dtype != torch.ScalarType.Float32)
        {
            throw new FewShotException(
                $"A linear probe takes float32 features; found {features.dtype}: convert them with .to(torch.float32).");
        }

        if (torch.is_inference_mode_enabled())
            throw new FewShotException("A linear probe cannot train inside torch.inference_mode(): leave it first.");
        if (options.Epochs < 1 || options.BatchSize < 1 || !(options.LearningRate > 0) || !(options.MixupAlpha >= 0))
        {
            throw new FewShotException(
                "A linear probe needs epochs and a batch size of at least 1, a learning rate above 0 and a mixup of at least 0; "
                + $"found {options}.");
        }

        progress ??= ProgressSink.Current;

        using var scope = torch.NewDisposeScope();
        using var gradient = torch.enable_grad();
        var (rows, rowLabels) = TrainingFeatures.Flatten(features, labels);
        var (weight, bias) = FirstWeights((int)rows.shape[1], classes, options.Seed);
        using var optimiser = torch.optim.Adam([weight, bias], options.LearningRate);
        var losses = new List<double>();
        // A sequence of its own: the order of the features stays what it is without mixing.
        var mixing = new StableRandom(options.Seed, MixingStream);
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            var sum = 0.0;
            foreach (var batch in Batches((int)rows.shape[0], options, epoch))
            {
                using var step = torch.NewDisposeScope();
                var index = torch.tensor(batch, torch.int64);
                var (inputs, targets) = (rows.index_select(0, index), rowLabels.index_select(0, index));
                var loss = options.MixupAlpha > 0
                    ? Mixed(inputs, targets)
                    : torch.nn.functional.cross_entropy(torch.nn.functional.linear(inputs, weight, bias), targets);
                optimiser.zero_grad();
                loss.backward();
                _ = optimiser.step();
                sum += loss.item<float>() * batch.Length;
            }

            losses.Add(sum / rows.shape[0]);
            var note = string.Create(CultureInfo.InvariantCulture, $"loss {losses[^1]:0.000}");
            progress.Report(new StepProgress("linear probe", epoch + 1, options.Epochs, note));
            if (!double.IsFinite(losses[^1]))
                throw new FewShotException($"The linear probe diverged in epoch {epoch + 1}: lower the learning rate.");
        }

        using var noGradient = torch.no_grad();
        var head = new LinearHead(
            FeatureTransform.None((int)rows.shape[1]),
            weight.to(torch.float64).MoveToOuterDisposeScope(),
            bias.to(torch.float64).MoveToOuterDisposeScope(),
            space);
        return new LinearProbeResult(head, losses);

        torch.Tensor Mixed(torch.Tensor inputs, torch.Tensor targets)
        {
            long[] partners = [.. Enumerable.Range(0, (int)targets.shape[0])];
            mixing.Draw<long>(partners, partners.Length);
            var other = torch.tensor(partners, torch.int64);
            var kept = torch.tensor(partners.Select(_ => MixedShare(options.MixupAlpha, mixing)).ToArray());
            var share = kept.unsqueeze(1);
            var logits = torch.nn.functional.linear((share * inputs) + ((1 - share) * inputs.index_select(0, other)), weight, bias);
            var own = torch.nn.functional.cross_entropy(logits, targets, reduction: torch.nn.Reduction.None);
            var partner = torch.nn.functional.cross_entropy(
                logits, targets.index_select(0, other), reduction: torch.nn.Reduction.None);
            return ((kept * own) + ((1 - kept) * partner)).mean();
        }
    }

    private static float MixedShare(double alpha, StableRandom random) =>
        (float)MathNet.Numerics.Distributions.Beta.InvCDF(alpha, alpha, random.Uniform(0, 1));

    /// <summary>What PyTorch's linear layer starts from: uniform in +-1 / sqrt D, weights and bias.</summary>
    internal static (Parameter Weight, Parameter Bias) FirstWeights(int inputs, int classes, long seed)
    {
        using var generator = new torch.Generator((ulong)seed, torch.CPU);
        var bound = 1 / Math.Sqrt(inputs);
        Parameter Draw(params long[] shape)
        {
            using var noGradient = torch.no_grad();
            return new Parameter(torch.rand(shape, generator: generator).mul_(2 * bound).sub_(bound));
        }

        return (Draw(classes, inputs), Draw(classes));
    }

    /// <summary>Positions in the order of this epoch, cut into batches; the last may be smaller.</summary>
    internal static IEnumerable<long[]> Batches(int count, LinearProbeOptions options, int epoch)
    {
        var order = Enumerable.Range(0, count).Select(i => (long)i).ToArray();
        new StableRandom(options.Seed, epoch).Draw<long>(order, count);
        return order.Chunk(options.BatchSize);
    }
}
