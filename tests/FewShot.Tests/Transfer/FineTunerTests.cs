using FewShot.Data;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Tests.Data;
using FewShot.Transfer;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Tests.Transfer;

public sealed class FineTunerTests : IDisposable
{
    private static readonly ResNetOptions Tiny = new()
    {
        Name = "tiny ResNet",
        Widths = [4, 8],
        Blocks = [1, 1],
        Stem = ResNetStem.Cifar,
        Classes = 2,
    };

    private static readonly FineTunerOptions Options = new()
    {
        Preprocessing = new Preprocessing(8),
        Augmentation = new AugmentationOptions { CropPadding = 1 },
        LearningRate = 1e-3,
        HeadLearningRate = 1e-2,
        Epochs = 4,
        BatchSize = 6,
        LabelSmoothing = 0.1,
        Seed = 3,
    };

    private readonly TemporaryFolder folder = new();
    private readonly ImageSet training = TinyImages.Make(16);
    private readonly ImageSet validation = TinyImages.Make(8, phase: 2);

    public void Dispose()
    {
        folder.Dispose();
        training.Dispose();
        validation.Dispose();
    }

    /// <summary>
    /// The same weights each time, drawn here: libtorch's own generator is shared with the tests that run at the same time.
    /// </summary>
    private static ResNet Network()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var generator = new torch.Generator(1, torch.CPU);
        var network = new ResNet(Tiny);
        foreach (var parameter in network.parameters().Where(parameter => parameter.dim() > 1))
            _ = parameter.copy_(
                torch.randn(parameter.shape, generator: generator) * Math.Sqrt(2.0 * parameter.shape[0] / parameter.numel()));
        _ = network.Head.bias!.zero_();
        return network;
    }

    private ResNet Trained(FineTunerOptions options)
    {
        var network = Network();
        using var tuner = new FineTuner(network, training, null, options);
        _ = tuner.Run();
        return network;
    }

    private string WeightsAfter(FineTunerOptions options, Action<FineTuner> run)
    {
        using var network = Network();
        using var tuner = new FineTuner(network, training, validation, options);
        run(tuner);
        return NetworkClassifier.Digest(network);
    }

    [Theory]
    [InlineData(FineTuneOptimizer.AdamW, false)]
    [InlineData(FineTuneOptimizer.Sgd, false)]
    [InlineData(FineTuneOptimizer.AdamW, true)]
    public void Should_EndInTheSameBits_When_StoppedAndResumed(FineTuneOptimizer optimizer, bool mixes)
    {
        var options = Options with { Optimizer = optimizer, Mixing = mixes ? new() { Kind = LabelMixingKind.CutMix } : null };
        var path = folder.At("run.safetensors");
        IReadOnlyList<FineTuneEpoch> whole = [], resumed = [];
        var straight = WeightsAfter(options, tuner => whole = [.. tuner.Run()]);
        _ = WeightsAfter(options, tuner =>
        {
            _ = tuner.RunEpoch();
            _ = tuner.RunEpoch();
            tuner.Save(path);
        });
        var later = WeightsAfter(options, tuner => resumed = [.. tuner.Run(path)]);
        Assert.Equal(straight, later);
        Assert.Equal(whole, resumed);
        Assert.Equal(4, whole.Count);
    }

    [Fact]
    public void Should_WarnBeforeTheFirstStepAndTrainOn_When_TheCheckpointCannotBeWritten()
    {
        using var heard = new HeardWarnings();
        var warningsAtTheFirstStep = -1;
        var steps = new FirstReport(() => warningsAtTheFirstStep = heard.Lines.Count);
        var found = WeightsAfter(Options, tuner => tuner.Run(Path.Combine(heard.BlockedFolder, "checkpoint"), steps));
        Assert.Equal(WeightsAfter(Options, tuner => tuner.Run()), found);
        Assert.Equal(1, warningsAtTheFirstStep);
        Assert.Contains("Training goes on", Assert.Single(heard.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_TrainAllTheSame_When_GradientsAreSwitchedOff()
    {
        var expected = WeightsAfter(Options, tuner => tuner.Run());
        using var noGradient = torch.no_grad();
        Assert.Equal(expected, WeightsAfter(Options, tuner => tuner.Run()));
    }

    private sealed class FirstReport(Action first) : IProgress<StepProgress>
    {
        private bool heard;

        public void Report(StepProgress value)
        {
            if (!heard)
                first();
            heard = true;
        }
    }

    [Fact]
    public void Should_BeNamedAsBefore_When_NewSwitchesAreOff()
    {
        // Checkpoints and feature banks that were made before a switch was there are found again.
        var json = System.Text.Json.JsonSerializer.Serialize(new FineTunerOptions());
        Assert.DoesNotContain("Mixing", json, StringComparison.Ordinal);
        Assert.DoesNotContain("Blur", json, StringComparison.Ordinal);
        Assert.DoesNotContain("RandAugment", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_EndElsewhere_When_TheSeedDiffers() =>
        Assert.NotEqual(WeightsAfter(Options, tuner => tuner.Run()), WeightsAfter(Options with { Seed = 4 }, tuner => tuner.Run()));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Should_TakeTheCrossEntropyWithTheShares_When_ImagesAreMixed(int frozen)
    {
        var options = Options with
        {
            Augmentation = AugmentationOptions.None,
            LabelSmoothing = 0,
            Mixing = new(),
            BatchSize = 16,
            FrozenGroups = frozen,
        };
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var network = Network();
        network.eval();
        // The first step's loss, by hand: the order, then the mixing, each from the stream that belongs to it.
        var order = Enumerable.Range(0, 16).Select(i => (long)i).ToArray();
        new StableRandom(options.Seed, 0).Draw<long>(order, order.Length);
        var index = torch.tensor(order, torch.int64);
        var mixingSeed = unchecked((long)new StableRandom(options.Seed, 1L << 33).NextBits());
        using var mixing = new LabelMixing(options.Mixing, mixingSeed);
        var input = options.Preprocessing.Apply(training.Images.index_select(0, index), torch.CPU);
        var (images, targets) = mixing.Apply(input, training.Labels.index_select(0, index), 2);
        var hidden = images;
        foreach (var stage in network.Stages)
            hidden = stage.call(hidden);
        var logits = network.Head.call(hidden.mean([2, 3]));
        var expected = -(targets * logits.log_softmax(1)).sum(1).mean().item<float>();

        using var tuned = Network();
        using var tuner = new FineTuner(tuned, training, null, options);
        Assert.Equal(expected, tuner.RunEpoch().TrainingLoss, 1e-5);
    }

    [Fact]
    public void Should_LearnTheTrainingImages_When_TrainedLongEnough()
    {
        using var network = Network();
        var options = Options with
        {
            Epochs = 40,
            BatchSize = 16,
            Augmentation = AugmentationOptions.None,
            LabelSmoothing = 0,
            LearningRate = 1e-2,
        };
        using var tuner = new FineTuner(network, training, null, options);
        var history = tuner.Run();
        Assert.True(history[^1].TrainingLoss < 0.2 * history[0].TrainingLoss, $"{history[0]} ... {history[^1]}");
        Assert.Equal(1, NetworkClassifier.Predict(network, training, Options.Preprocessing).Accuracy.Value);
    }

    [Fact]
    public void Should_LeaveStatisticsAndFrozenGroupsAlone_When_Training()
    {
        using var network = Network();
        using var before = Network();
        using var tuner = new FineTuner(network, training, validation, Options with { FrozenGroups = 2 });
        _ = tuner.RunEpoch();
        var old = before.state_dict();
        var changed = network.state_dict()
            .Where(entry => !entry.Value.equal(old[entry.Key]).all().item<bool>())
            .Select(entry => entry.Key)
            .ToList();
        Assert.All(
            changed,
            name => Assert.True(
                name.StartsWith("layer2.", StringComparison.Ordinal) || name.StartsWith("fc.", StringComparison.Ordinal), name));
        Assert.Contains("fc.weight", changed);
        Assert.Contains("layer2.0.conv1.weight", changed);
        Assert.DoesNotContain(
            changed,
            name => name.Contains("running", StringComparison.Ordinal) || name.Contains("tracked", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_KeepAGroupStill_When_ItsRateIsZero()
    {
        using var network = Network();
        using var before = Network();
        using var tuner = new FineTuner(
            network, training, null, Options with { GroupLearningRates = new Dictionary<string, double> { ["layer1"] = 0 } });
        _ = tuner.RunEpoch();
        Assert.True(network.state_dict()["layer1.0.conv1.weight"].equal(before.state_dict()["layer1.0.conv1.weight"]).all().item<bool>());
        Assert.False(network.state_dict()["conv1.weight"].equal(before.state_dict()["conv1.weight"]).all().item<bool>());
    }

    [Fact]
    public void Should_TakeAQuarterOfTheStep_When_TheFirstOfFourWarmsUp()
    {
        using var scope = torch.NewDisposeScope();
        // Plain steps without decay, one for each epoch: the change is the rate times the gradient.
        var options = Options with { Optimizer = FineTuneOptimizer.Sgd, WeightDecay = 0, BatchSize = 16, Epochs = 8 };
        var (full, quarter) = (FirstChange(options), FirstChange(options with { WarmUpSteps = 4 }));
        Assert.True((full / 4).allclose(quarter, rtol: 1e-3, atol: 1e-8));
        Assert.True(quarter.abs().max().item<float>() > 1e-6);

        torch.Tensor FirstChange(FineTunerOptions run)
        {
            using var network = Network();
            var before = network.Head.weight.detach().clone();
            using var tuner = new FineTuner(network, training, null, run);
            _ = tuner.RunEpoch();
            return network.Head.weight.detach() - before;
        }
    }

    [Theory]
    [InlineData(LearningRateSchedule.Cosine, new[] { 0.25, 0.5, 0.75, 1, 1, 0.8535533905932737, 0.5, 0.14644660940672624 })]
    [InlineData(LearningRateSchedule.Constant, new[] { 0.25, 0.5, 0.75, 1, 1, 1, 1, 1 })]
    public void Should_BeginItsScheduleAfterTheWarmUp_When_FourOfEightStepsWarmUp(LearningRateSchedule schedule, double[] factors)
    {
        var options = new FineTunerOptions { WarmUpSteps = 4, Schedule = schedule };
        foreach (var (done, factor) in factors.Index())
            Assert.Equal(factor, options.RateFactor(done, steps: 8), 1e-12);
    }

    [Fact]
    public void Should_TakeTheBestEpochsWeights_When_ValidationChooses()
    {
        // A learning rate far too high spoils the network soon after the first epoch.
        var options = Options with
        {
            LearningRate = 0.3,
            HeadLearningRate = 0.3,
            Schedule = LearningRateSchedule.Constant,
            Epochs = 6,
            Seed = 4,
        };
        using var network = Network();
        using var tuner = new FineTuner(network, training, validation, options);
        var history = tuner.Run();
        var best = history.MinBy(epoch => epoch.ValidationLoss)!;
        Assert.Equal(best.Epoch, tuner.BestEpoch);
        Assert.NotEqual(history.Count, tuner.BestEpoch);
        Assert.Equal(best.ValidationLoss!.Value, NetworkClassifier.Predict(network, validation, options.Preprocessing).Loss, 1e-6);
    }

    [Fact]
    public void Should_StopEarly_When_PatienceRunsOut()
    {
        using var network = Network();
        using var tuner = new FineTuner(
            network, training, validation, Options with { LearningRate = 0, HeadLearningRate = 0, Patience = 2, Epochs = 9 });
        Assert.Equal(3, tuner.Run().Count);
        Assert.Equal(1, tuner.BestEpoch);
    }

    [Fact]
    public void Should_KeepNoTensor_When_StepsAreTaken()
    {
        using var network = Network();
        using var tuner = new FineTuner(network, training, null, Options);
        _ = tuner.RunEpoch();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        _ = tuner.RunEpoch();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Should_EndInTheSameWeights_When_EachImagePassesTheFrozenLayersOnce()
    {
        // An erasing that never happens keeps the images as they are, but lets them pass the frozen layers anew in every epoch.
        var once = Options with { FrozenGroups = 2, Augmentation = AugmentationOptions.None };
        using var kept = Trained(once);
        using var anew = Trained(once with { Augmentation = once.Augmentation with { ErasingMinimumArea = 0.03 } });
        foreach (var (expected, actual) in anew.parameters().Zip(kept.parameters()))
            Assert.True(actual.allclose(expected, 1e-4, 1e-6));
    }

    [Fact]
    public void Should_Refuse_When_TheCheckpointIsOfAnotherRun()
    {
        var path = folder.At("run.safetensors");
        _ = WeightsAfter(Options, tuner =>
        {
            _ = tuner.RunEpoch();
            tuner.Save(path);
        });
        _ = WeightsAfter(Options with { Seed = 9 }, tuner =>
        {
            var error = Assert.Throws<FewShotException>(() => tuner.Run(path));
            Assert.Contains("belongs to a run with other", error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Should_ChangeNothing_When_TheCheckpointIsTruncated()
    {
        var path = folder.At("run.safetensors");
        _ = WeightsAfter(Options, tuner => tuner.Save(path));
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^5]);
        using var network = Network();
        var before = NetworkClassifier.Digest(network);
        using var tuner = new FineTuner(network, training, validation, Options);
        Assert.Throws<FewShotException>(() => tuner.Load(path));
        Assert.Equal(before, NetworkClassifier.Digest(network));
    }

    [Fact]
    public void Should_Refuse_When_SettingsCannotWork()
    {
        using var network = Network();
        void Refused(FineTunerOptions options, ImageSet? held) =>
            Assert.Throws<FewShotException>(() => new FineTuner(network, training, held, options));
        Refused(Options with { FrozenGroups = 4 }, null);
        Refused(Options with { Patience = 1 }, null);
        Refused(Options with { LabelSmoothing = 1 }, null);
        Refused(Options with { LearningRate = double.NaN }, null);
        Refused(Options with { WarmUpSteps = -1 }, null);
        Refused(Options with { WarmUpSteps = 12 }, null);
        Refused(Options with { GroupLearningRates = new Dictionary<string, double> { ["layer9"] = 1 } }, null);
        using var otherClasses = TinyImages.Make(6, classes: 3);
        Assert.Throws<FewShotException>(() => new FineTuner(network, otherClasses, null, Options));
    }

    [Fact]
    public void Should_SaySo_When_TheLossDiverges()
    {
        using var network = Network();
        using var tuner = new FineTuner(
            network,
            training,
            null,
            Options with { Optimizer = FineTuneOptimizer.Sgd, LearningRate = 1e30, HeadLearningRate = 1e30 });
        var error = Assert.Throws<FewShotException>(() => tuner.Run());
        Assert.Contains("diverged", error.Message, StringComparison.Ordinal);
    }
}
