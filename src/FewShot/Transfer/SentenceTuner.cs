using System.Globalization;
using FewShot.Runtime;
using FewShot.Text;
using TorchSharp;

namespace FewShot.Transfer;

/// <summary>
/// Trains a sentence encoder further on a few labelled texts, in the manner of SetFit (Tunstall and others 2022): texts of one class are
/// drawn together, texts of two classes apart; then any head is fitted to the new vectors. All pairs of a batch count at once (supervised
/// contrastive loss, Khosla and others 2020, equation 2). The vectors of word pieces and places stay as they are.
/// </summary>
public static class SentenceTuner
{
    /// <summary>Trains a copy; the encoder itself stays as it is.</summary>
    /// <param name="encoder">Where training starts.</param>
    /// <param name="texts">The labelled texts: at least two of each class.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told of every step with its loss.</param>
    /// <param name="cancel">Stops between two steps.</param>
    /// <returns>A new encoder; the caller's.</returns>
    /// <exception cref="FewShotException">A class has fewer than two texts, a setting is out of range, or the loss is not finite.
    /// </exception>
    public static SentenceEncoder Tune(
        SentenceEncoder encoder,
        TextSet texts,
        SentenceTunerOptions? options = null,
        IProgress<StepProgress>? progress = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new SentenceTunerOptions();
        options.Check();
        progress ??= ProgressSink.Current;
        var batches = new ContrastiveBatches(texts, options.ClassesPerBatch, options.TextsPerClass, options.Seed);
        int[][] pieces = [.. texts.Texts.Select(encoder.Pieces.Encode)];
        var network = encoder.Network.Copy(Torch.Device);
        try
        {
            var trained = network.LayerParameters.Select(
                parameter => new TrainedParameter(parameter.Name, parameter.Value, options.LearningRate)).ToList();
            using var optimizer = ResumableOptimizer.AdamW(trained, options.WeightDecay);
            for (var step = 0; step < options.Steps; step++)
            {
                cancel.ThrowIfCancellationRequested();
                using var scope = torch.NewDisposeScope();
                var batch = batches.Next();
                var (ids, mask) = Padded([.. batch.Select(row => pieces[row])]);
                var loss = ContrastiveLoss(
                    network.call(ids, mask),
                    torch.tensor(batch.Select(row => texts.Labels[row]).ToArray(), torch.int64, Torch.Device),
                    options.Temperature);
                var value = loss.item<float>();
                if (!float.IsFinite(value))
                    throw new FewShotException($"The loss of step {step + 1} is {value}: lower the learning rate {options.LearningRate}.");
                foreach (var parameter in trained)
                    parameter.Value.grad?.zero_();
                loss.backward();
                optimizer.Step(LearningRateSchedule.Linear.Share(step, options.Steps));
                progress.Report(new StepProgress(
                    "tuning", step + 1, options.Steps, string.Create(CultureInfo.InvariantCulture, $"loss {value:0.000}")));
            }

            return encoder.With(network, $"{encoder.Name} trained further on {texts.Count} texts of {texts.Name}");
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>
    /// For each text the mean over the others of its class of minus the logarithm of the softmax, over all others, of cosine /
    /// temperature; then the mean over texts.
    /// </summary>
    /// <param name="vectors">floating point, N x D, each row of length 1.</param>
    /// <param name="labels">int64, N; each label occurs at least twice.</param>
    /// <param name="temperature">Above 0.</param>
    /// <returns>One value.</returns>
    internal static torch.Tensor ContrastiveLoss(torch.Tensor vectors, torch.Tensor labels, double temperature)
    {
        using var scope = torch.NewDisposeScope();
        var itself = torch.eye(vectors.shape[0], vectors.shape[0], torch.@bool, vectors.device);
        var scores = (vectors.matmul(vectors.t()) / temperature).masked_fill(itself, double.NegativeInfinity);
        var together = (labels.unsqueeze(0) == labels.unsqueeze(1)) & ~itself;
        var logarithms = torch.nn.functional.log_softmax(scores, 1).masked_fill(itself, 0);
        return (-(logarithms * together).sum(1) / together.sum(1)).mean().MoveToOuterDisposeScope();
    }

    /// <summary>Numbers of pieces, N x L, filled up with 0, and which of them are pieces; the mask is null where all are.</summary>
    private static (torch.Tensor Ids, torch.Tensor? Mask) Padded(int[][] pieces)
    {
        var length = pieces.Max(text => text.Length);
        long[] ids = [.. pieces.SelectMany(text => text.Select(id => (long)id).Concat(Enumerable.Repeat(0L, length - text.Length)))];
        var tensor = torch.tensor(ids, [pieces.Length, length], torch.int64, Torch.Device);
        return (tensor, pieces.All(text => text.Length == length) ? null : tensor != 0);
    }
}
