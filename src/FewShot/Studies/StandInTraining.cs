using System.Diagnostics;
using System.Globalization;
using FewShot.Data;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Studies;

/// <summary>
/// Trains the stand-in backbone: cross-entropy on the base classes of <see cref="Shapes"/>, the checkpoint chosen by few-shot accuracy
/// on the validation classes. The novel classes are looked at once, after that.
/// </summary>
public static class StandInTraining
{
    private const int ValidationPerClass = 60;
    private const int Shot = 5;

    /// <summary>Trains, measures, and writes weights and record into a folder.</summary>
    /// <param name="folder">Made where missing; its <see cref="StandInBackbone.WeightsFile"/> and record are replaced.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancel">Stops the training after the current step; nothing is replaced then.</param>
    /// <returns>The record that was written.</returns>
    public static RunRecord Run(string folder, StandInOptions? options = null, IProgress<StepProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new StandInOptions();
        progress ??= ProgressSink.Current;
        var clock = Stopwatch.StartNew();
        // Weights without their record would be of unknown making: both take their places together, at the end.
        var work = Directory.CreateTempSubdirectory("fewshot-standin-").FullName;
        try
        {
            return Run(folder, work, options, progress, clock, cancel);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static RunRecord Run(string folder, string work, StandInOptions options, IProgress<StepProgress> progress, Stopwatch clock, CancellationToken cancel)
    {
        var path = Path.Combine(work, StandInBackbone.WeightsFile);
        var chosen = Train(path, options, progress, cancel);
        var trained = clock.Elapsed.TotalSeconds;
        using var backbone = StandInBackbone.Load(work, device: null);
        var evaluation = StandInEvaluation.Measure(backbone, options.Seed, options.NovelEpisodes, progress);
        var record = RunRecord.Capture("Stand-in backbone: small ResNet, cross-entropy on the base classes of Shapes") with
        {
            Data = evaluation.Data,
            Weights = backbone.Description,
            WeightsDigest = backbone.WeightsDigest,
            UsesStandIn = true,
            Seeds = new Dictionary<string, long> { ["weights and images"] = options.Seed },
            Seconds = clock.Elapsed.TotalSeconds,
            Options = RunRecord.OptionsFrom(options),
            Results = new Dictionary<string, double>(evaluation.Results)
            {
                ["checkpoint of epoch"] = chosen.Epoch,
                ["validation classes, 5-way 5-shot"] = chosen.Accuracy,
                ["seconds of training"] = trained,
            },
        };
        var weights = File.ReadAllBytes(path);
        AtomicFile.Write(Path.Combine(folder, StandInBackbone.WeightsFile), stream => stream.Write(weights));
        record.Write(Path.Combine(folder, StandInBackbone.RecordFile));
        return record;
    }

    /// <summary>Trains, and leaves the checkpoint that did best on the validation classes at <paramref name="path"/>.</summary>
    /// <returns>Its epoch, from 1 on, and its accuracy.</returns>
    internal static (int Epoch, double Accuracy) Train(string path, StandInOptions options, IProgress<StepProgress> progress, CancellationToken cancel)
    {
        Torch.Seed(options.Seed);
        using var scope = torch.NewDisposeScope();
        using var network = new ResNet(StandInBackbone.Options);
        network.to(Torch.Device);
        using var optimizer = torch.optim.AdamW(network.parameters(), options.LearningRate, weight_decay: options.WeightDecay);
        using var validation = Shapes.DrawValidation(ValidationPerClass, options.Seed);
        var stepsPerEpoch = Shapes.BaseClassNames.Count * options.ImagesPerClass / options.BatchSize;
        var best = (Epoch: 0, Accuracy: -1.0);
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            using var images = Shapes.DrawBase(options.ImagesPerClass, options.Seed, epoch * options.ImagesPerClass);
            network.train();
            for (var step = 0; step < stepsPerEpoch; step++)
            {
                cancel.ThrowIfCancellationRequested();
                optimizer.ParamGroups.First().LearningRate = options.LearningRate * Schedule(step + (epoch * stepsPerEpoch), stepsPerEpoch, options.Epochs * stepsPerEpoch);
                var loss = Step(network, optimizer, images, step * options.BatchSize, options.BatchSize);
                var note = string.Create(CultureInfo.InvariantCulture, $"epoch {epoch + 1} of {options.Epochs}, loss {loss:0.00}, validation {Math.Max(0, best.Accuracy):0.000}");
                progress.Report(new StepProgress("training the stand-in backbone", (epoch * stepsPerEpoch) + step + 1, options.Epochs * stepsPerEpoch, note));
            }

            var accuracy = Validate(network, validation, options);
            if (accuracy > best.Accuracy)
            {
                best = (epoch + 1, accuracy);
                network.Save(path, Metadata(options, best));
            }
        }

        return best;
    }

    private static double Step(ResNet network, torch.optim.Optimizer optimizer, ImageSet images, int from, int count)
    {
        using var scope = torch.NewDisposeScope();
        // Labels take turns, so any stretch of images is an even sample of the classes.
        var input = FrozenConvolution.ChannelsLast(StandInBackbone.Preprocessing.Apply(images.Images.narrow(0, from, count), Torch.Device));
        optimizer.zero_grad();
        var loss = torch.nn.functional.cross_entropy(network.call(input), images.Labels.narrow(0, from, count).to(Torch.Device));
        loss.backward();
        optimizer.step();
        return loss.item<float>();
    }

    private static double Validate(ResNet network, ImageSet images, StandInOptions options)
    {
        using var frozen = new FrozenResNet(network, "in training", "none");
        using var bank = FeatureBank.Extract(frozen, images, StandInBackbone.Preprocessing);
        return StandInEpisodes.Measure(bank, Shot, options.ValidationEpisodes, options.Seed).Mean;
    }

    /// <summary>Up in a straight line over the first epoch, then down to 0 along a cosine.</summary>
    private static double Schedule(int step, int warmUp, int total) => step < warmUp
        ? (step + 1.0) / warmUp
        : (1 + Math.Cos(Math.PI * (step - warmUp) / Math.Max(1, total - warmUp))) / 2;

    private static Dictionary<string, string> Metadata(StandInOptions options, (int Epoch, double Accuracy) best) => new()
    {
        ["description"] = "Small residual network trained on the generated base classes of Shapes: it stands in for an ImageNet backbone.",
        ["classes"] = string.Join('\n', Shapes.BaseClassNames),
        ["command"] = StandInBackbone.Command,
        ["seed"] = options.Seed.ToString(CultureInfo.InvariantCulture),
        ["epoch"] = best.Epoch.ToString(CultureInfo.InvariantCulture),
    };
}
