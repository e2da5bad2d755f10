using FewShot.Data;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Transfer;

/// <summary>
/// Trains a pretrained network further on a few labelled images. BatchNorm stays in evaluation mode throughout: a few small batches
/// would replace the statistics of a million images by their own noise.
/// </summary>
/// <remarks>
/// On the CPU a run is a function of network, images and options alone: stopped after any epoch and resumed from a checkpoint, it
/// ends in the same weights bit for bit (with the same number of threads).
/// </remarks>
public sealed class FineTuner : IDisposable
{
    // Sets the draws of the augmentation apart from those of the order.
    private const long AugmentationStreams = 1L << 32;
    private const long MixingStreams = 1L << 33;
    private const long MostBytesPassed = 1L << 28;

    private readonly ResNet network;
    private readonly ImageSet training;
    private readonly ImageSet? validation;
    private readonly FineTunerOptions options;
    private readonly string start;
    private readonly FrozenPrefix? prefix;
    // What the frozen groups make of each training image, where the images stay as they are and there is memory for it: each
    // then passes those groups once.
    private torch.Tensor? passed;
    private readonly List<TrainedParameter> trained;
    private readonly ResumableOptimizer optimizer;
    private readonly List<FineTuneEpoch> history = [];
    private readonly Dictionary<string, torch.Tensor> best = new(StringComparer.Ordinal);

    /// <summary>Prepares a run; the network is trained in place and stays the caller's, as do the images.</summary>
    /// <param name="network">A network whose head has one output per class; see <see cref="NetworkClassifier.StartFrom"/>.</param>
    /// <param name="training">The images to train on.</param>
    /// <param name="validation">Images that choose the best epoch, none of which is trained on or tested on; null
    /// to take the last epoch.</param>
    /// <param name="options">Settings.</param>
    /// <exception cref="FewShotException">A setting is out of range, or images and network do not fit together.</exception>
    public FineTuner(ResNet network, ImageSet training, ImageSet? validation, FineTunerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(training);
        this.network = network;
        this.training = training;
        this.validation = validation;
        this.options = options ?? new FineTunerOptions();
        FineTunerCheck.Options(this.options, network, training, validation);
        network.Space = network.Space with { ClassNames = training.ClassNames, Preprocessing = this.options.Preprocessing.Key };
        start = NetworkClassifier.Digest(network);
        _ = network.to(Torch.Device);
        network.eval();
        trained = [.. Parameters()];
        foreach (var parameter in network.parameters())
            parameter.requires_grad = false;
        foreach (var (_, parameter, _) in trained)
            parameter.requires_grad = true;
        prefix = this.options.FrozenGroups == 0 ? null : network.FreezePrefix(this.options.FrozenGroups, Torch.Device);
        optimizer = this.options.Optimizer switch
        {
            FineTuneOptimizer.AdamW => ResumableOptimizer.AdamW(trained, this.options.WeightDecay),
            FineTuneOptimizer.Sgd => ResumableOptimizer.MomentumSgd(trained, this.options.WeightDecay),
            _ => throw new FewShotException($"Unknown optimizer: {this.options.Optimizer}."),
        };
    }

    /// <summary>What each epoch so far brought.</summary>
    public IReadOnlyList<FineTuneEpoch> History => history;

    /// <summary>The best epoch so far by validation, from 1; the last one without validation images; 0 before the first.</summary>
    public int BestEpoch { get; private set; }

    /// <summary>Whether all epochs are done, or patience ran out.</summary>
    public bool IsFinished => history.Count >= options.Epochs || (options.Patience > 0 && history.Count - BestEpoch >= options.Patience);

    private int StepsPerEpoch => options.StepsPerEpoch(training);

    /// <summary>Runs to the end, then puts the weights of the best epoch into the network.</summary>
    /// <param name="checkpoint">A file written before the first and after each epoch, and gone on from where it exists; where it cannot
    /// be written, a warning says so and training goes on. Null for none.</param>
    /// <param name="progress">Told each step.</param>
    /// <returns>What each epoch brought.</returns>
    /// <exception cref="FewShotException">The loss is not a number, or the checkpoint belongs to another run.</exception>
    public IReadOnlyList<FineTuneEpoch> Run(string? checkpoint = null, IProgress<StepProgress>? progress = null)
    {
        if (checkpoint is not null && history.Count == 0 && File.Exists(checkpoint))
            Load(checkpoint);
        var kept = checkpoint is null ? null : new KeptFile(checkpoint, "Training goes on; stopped, it would begin anew.");
        // Written before the first step too: whoever counts on it is told while there is nothing to lose.
        kept?.Write(Save);
        while (!IsFinished)
        {
            _ = RunEpoch(progress);
            kept?.Write(Save);
        }

        TakeBest();
        return History;
    }

    /// <summary>Trains for one epoch and measures the validation images.</summary>
    /// <exception cref="FewShotException">The loss is not a number.</exception>
    public FineTuneEpoch RunEpoch(IProgress<StepProgress>? progress = null)
    {
        if (torch.is_inference_mode_enabled())
            throw new FewShotException("Fine-tuning cannot train inside torch.inference_mode(): leave it first.");
        progress ??= ProgressSink.Current;
        using var gradient = torch.enable_grad();
        passed ??= PassAll();
        var epoch = history.Count;
        var order = Enumerable.Range(0, training.Count).Select(i => (long)i).ToArray();
        new StableRandom(options.Seed, epoch).Draw<long>(order, order.Length);
        var augmentationSeed = unchecked((long)new StableRandom(options.Seed, AugmentationStreams + epoch).NextBits());
        using var augmentation = new Augmentation(options.Augmentation, augmentationSeed);
        var mixingSeed = unchecked((long)new StableRandom(options.Seed, MixingStreams + epoch).NextBits());
        using var mixing = options.Mixing is null ? null : new LabelMixing(options.Mixing, mixingSeed);
        var step = (long)epoch * StepsPerEpoch;
        var sum = 0.0;
        foreach (var batch in order.Chunk(options.BatchSize))
        {
            var note = history.Count == 0 ? null : history[^1].ToString();
            progress.Report(new StepProgress("fine-tuning", step, (long)options.Epochs * StepsPerEpoch, note));
            var loss = Step(batch, augmentation, mixing, ++step);
            if (!double.IsFinite(loss))
                throw new FewShotException($"Fine-tuning diverged in epoch {epoch + 1}: its loss is {loss}. Lower the learning rate.");
            sum += loss * batch.Length;
        }

        var result = new FineTuneEpoch(epoch + 1, sum / training.Count, null, null);
        if (validation is not null)
        {
            var predictions = NetworkClassifier.Predict(network, validation, options.Preprocessing);
            result = result with { ValidationLoss = predictions.Loss, ValidationCorrect = predictions.Accuracy.Correct };
        }

        history.Add(result);
        Remember();
        return result;
    }

    /// <summary>
    /// Writes all that a resumed run needs, whole or not at all: weights, running averages, history, and what they belong to.
    /// </summary>
    public void Save(string path) => FineTuneCheckpoint.Write(path, Identity, network, optimizer, best, history);

    /// <summary>Takes up a saved run where it stood.</summary>
    /// <exception cref="FewShotException">The file is damaged, or belongs to other images, options or
    /// layers; nothing has changed then.</exception>
    public void Load(string path)
    {
        var epochs = FineTuneCheckpoint.Read(path, Identity, network, optimizer, best);
        history.Clear();
        BestEpoch = 0;
        foreach (var epoch in epochs)
        {
            history.Add(epoch);
            _ = UpdateBestEpoch();
        }

        optimizer.Resume((long)history.Count * StepsPerEpoch);
    }

    /// <summary>Frees the running averages and the folded copy of the frozen groups; the network stays.</summary>
    public void Dispose()
    {
        optimizer.Dispose();
        prefix?.Dispose();
        passed?.Dispose();
        foreach (var tensor in best.Values)
            tensor.Dispose();
        best.Clear();
    }

    private FineTuneIdentity Identity => new(options, start, training.Digest, validation?.Digest);

    /// <summary>The parameters that change, with their learning rates.</summary>
    private IEnumerable<TrainedParameter> Parameters()
    {
        var names = network.named_parameters()
            .ToDictionary(entry => (object)entry.parameter, entry => entry.name, ReferenceEqualityComparer.Instance);
        foreach (var (group, module) in network.Groups.Skip(options.FrozenGroups))
        {
            foreach (var parameter in module.parameters())
                yield return new(names[parameter], parameter, options.GroupLearningRates.GetValueOrDefault(group, options.LearningRate));
        }

        foreach (var parameter in network.Head.parameters())
            yield return new(names[parameter], parameter, options.HeadLearningRate);
    }

    private double Step(long[] batch, Augmentation augmentation, LabelMixing? mixing, long step)
    {
        using var scope = torch.NewDisposeScope();
        var index = torch.tensor(batch, torch.int64);
        var labels = training.Labels.index_select(0, index).to(Torch.Device);
        var (hidden, targets) = Frozen(index, labels, augmentation, mixing);
        var logits = Trained(hidden);
        var loss = torch.nn.functional.cross_entropy(logits, targets, label_smoothing: options.LabelSmoothing);
        loss.backward();
        foreach (var (name, parameter, _) in trained)
        {
            if (parameter.grad is null)
                throw new FewShotException($"{name} took no part in the loss.");
        }

        optimizer.Step(options.RateFactor(step - 1, (long)options.Epochs * StepsPerEpoch));
        network.zero_grad();
        return loss.item<float>();
    }

    /// <summary>
    /// What the frozen groups make of the images at these positions, varied and mixed anew; and what the head is to say of them: labels,
    /// or the shares of the classes where images are mixed.
    /// </summary>
    private (torch.Tensor Hidden, torch.Tensor Targets) Frozen(
        torch.Tensor index, torch.Tensor labels, Augmentation augmentation, LabelMixing? mixing)
    {
        if (passed is not null)
            return (passed.index_select(0, index.to(Torch.Device)), labels);
        var images = training.Images.index_select(0, index).to(Torch.Device);
        var input = Input(augmentation.Apply(images, training.Height == training.Width ? options.Preprocessing.Size : null));
        if (mixing is null)
            return (Pass(input), labels);
        var (mixed, targets) = mixing.Apply(input, labels, training.ClassNames.Count);
        return (Pass(mixed), targets);
    }

    private torch.Tensor? PassAll()
    {
        if (prefix is null || options.Augmentation != AugmentationOptions.None || options.Mixing is not null)
            return null;
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var first = Pass(Input(training.Images.narrow(0, 0, 1).to(Torch.Device)));
        if (first.NumberOfElements * sizeof(float) * training.Count > MostBytesPassed)
            return null;
        var parts = training.Images.split(options.BatchSize).Select(images =>
        {
            using var part = torch.NewDisposeScope();
            return Pass(Input(images.to(Torch.Device))).MoveToOuterDisposeScope();
        });
        return torch.cat([.. parts]).DetachFromDisposeScope();
    }

    private torch.Tensor Input(torch.Tensor images) => options.Preprocessing.Apply(images, Torch.Device);

    private torch.Tensor Pass(torch.Tensor input) => prefix is null ? input : prefix.Apply(input);

    private torch.Tensor Trained(torch.Tensor hidden)
    {
        foreach (var stage in network.Stages.Skip(options.FrozenGroups))
            hidden = stage.call(hidden);
        return network.Head.call(hidden.mean([2, 3]));
    }

    /// <summary>Counts the latest epoch, and keeps its weights if it is the best.</summary>
    private void Remember()
    {
        if (!UpdateBestEpoch() || validation is null)
            return;
        using var noGradient = torch.no_grad();
        foreach (var (name, parameter, _) in trained)
        {
            if (best.TryGetValue(name, out var kept))
                _ = kept.copy_(parameter);
            else
                best.Add(name, parameter.detach().clone().DetachFromDisposeScope());
        }
    }

    private bool UpdateBestEpoch()
    {
        var latest = history[^1];
        var improves = BestEpoch == 0 || validation is null || options.Measure switch
        {
            FineTuneMeasure.Loss => latest.ValidationLoss < history[BestEpoch - 1].ValidationLoss,
            FineTuneMeasure.Accuracy => latest.ValidationCorrect > history[BestEpoch - 1].ValidationCorrect,
            _ => throw new FewShotException($"Unknown measure: {options.Measure}."),
        };
        if (improves)
            BestEpoch = latest.Epoch;
        return improves;
    }

    private void TakeBest()
    {
        using var noGradient = torch.no_grad();
        foreach (var (name, parameter, _) in trained.Where(entry => best.ContainsKey(entry.Name)))
            _ = parameter.copy_(best[name]);
    }
}
