using FewShot.Data;
using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.SafeTensors;
using FewShot.Tests.Data;
using FewShot.Tests.Transfer;
using FewShot.Transfer;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Tests.Runtime;

/// <summary>Whatever byte of a file changes, its reader takes the file or refuses it by the library's own exception.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private const int Few = 1_000, Many = 10_000;
    private static readonly ResNetOptions Tiny = new()
    {
        Name = "tiny ResNet",
        Widths = [2],
        Blocks = [1],
        Stem = ResNetStem.Cifar,
        Classes = 2,
    };

    private static readonly FineTunerOptions FineTuning = new()
    {
        Preprocessing = new Preprocessing(8),
        Augmentation = AugmentationOptions.None,
        Epochs = 1,
        BatchSize = 6,
    };

    private readonly TemporaryFolder folder = new();
    private readonly DisposeScope scope = torch.NewDisposeScope();
    private readonly ImageSet images = TinyImages.Make(12, classes: 3);
    private readonly ImageSet twoClasses = TinyImages.Make(6);

    public void Dispose()
    {
        images.Dispose();
        twoClasses.Dispose();
        scope.Dispose();
        folder.Dispose();
    }

    private string Path => folder.At("file");

    [Theory]
    [InlineData(Few)]
    [InlineData(Many, Explicit = true)]
    public void Should_ReadOrRefuse_When_ByteOfATensorFileChanges(int changes)
    {
        TensorFile.Write(
            Path,
            new Dictionary<string, torch.Tensor> { ["a"] = torch.ones(2), ["b"] = torch.zeros(1, torch.@bool) },
            new Dictionary<string, string> { ["made by"] = "a test" });
        Damage(changes, () => TensorFile.Read(Path).Dispose());
    }

    [Theory]
    [InlineData(Few)]
    [InlineData(Many, Explicit = true)]
    public void Should_ReadOrRefuse_When_ByteOfModelWeightsChanges(int changes)
    {
        var model = new Mlp(1, 2, 1);
        using (var weights = model.Initial(0))
            weights.Save(Path);
        Damage(changes, () => ModelWeights.Load(Path, model.Weights).Dispose());
    }

    [Theory]
    [InlineData(Few)]
    [InlineData(Many, Explicit = true)]
    public void Should_ReadOrRefuse_When_ByteOfANetworkChanges(int changes)
    {
        using (var network = new ResNet(Tiny))
            network.Save(Path);
        Damage(changes, () => ResNet.Load(Path, Tiny).Dispose());
    }

    [Theory]
    [InlineData(Few)]
    [InlineData(Many, Explicit = true)]
    public void Should_ReadOrRefuse_When_ByteOfAFeatureBankChanges(int changes)
    {
        using var backbone = new FakeExtractor();
        FeatureBank.ExtractOrLoad(folder.At("cache"), backbone, images, new Preprocessing(8)).Dispose();
        File.Copy(Directory.GetFiles(folder.At("cache"))[0], Path);
        Damage(changes, () => FeatureBank.Load(Path).Dispose());
    }

    [Theory]
    [InlineData(Few)]
    [InlineData(Many, Explicit = true)]
    public void Should_ReadOrRefuse_When_ByteOfAClassifierChanges(int changes)
    {
        using var backbone = new FakeExtractor();
        var standing = new ClassifierBackbone(backbone, new Preprocessing());
        using (var classifier = Classifier.Train(images, new() { Size = 32 }, standing))
            classifier.Save(Path);
        Damage(changes, () => Classifier.Load(Path, standing).Dispose());
    }

    [Theory]
    [InlineData(Few)]
    [InlineData(Many, Explicit = true)]
    public void Should_ReadOrRefuse_When_ByteOfAMetaCheckpointChanges(int changes)
    {
        var model = new Mlp(1, 2, 1);
        using var initial = model.Initial(0);
        using var learner = new Maml(model, initial);
        using var trainer = new MetaTrainer(learner, new SinusoidTasks(shot: 2, tasks: 2, seed: 0));
        _ = trainer.Advance(1, null, TestContext.Current.CancellationToken);
        trainer.Save(Path);
        Damage(changes, () => trainer.Load(Path));
    }

    [Theory]
    [InlineData(Few)]
    [InlineData(Many, Explicit = true)]
    public void Should_ReadOrRefuse_When_ByteOfAFineTuningCheckpointChanges(int changes)
    {
        using var network = new ResNet(Tiny);
        using var tuner = new FineTuner(network, twoClasses, null, FineTuning);
        _ = tuner.RunEpoch();
        tuner.Save(Path);
        Damage(changes, () => tuner.Load(Path));
    }

    [Theory]
    [InlineData(Few)]
    [InlineData(Many, Explicit = true)]
    public void Should_ReadOrRefuse_When_ByteOfAnEpisodeListChanges(int changes)
    {
        EpisodeList.Draw(images, new EpisodeOptions(2, 1, 1), 2).Write(Path);
        Damage(changes, () => _ = EpisodeList.Read(Path, images));
    }

    [Theory]
    [InlineData(Few)]
    [InlineData(Many, Explicit = true)]
    public void Should_ReadOrRefuse_When_ByteOfARunRecordChanges(int changes)
    {
        RunRecord.Capture("a test").Write(Path);
        Damage(changes, () => _ = RunRecord.Read(Path));
    }

    private void Damage(int changes, Action read)
    {
        var whole = File.ReadAllBytes(Path);
        read();
        var random = new StableRandom(0, 0);
        for (var change = 0; change < changes; change++)
        {
            var position = random.Next(whole.Length);
            // Every other change writes 0xFF, a byte that no UTF-8 text holds.
            var value = (byte)(change % 2 == 0 ? 0xFF : random.Next(256));
            var bytes = whole.ToArray();
            bytes[position] = value;
            File.WriteAllBytes(Path, bytes);
            try
            {
                read();
            }
            catch (FewShotException)
            {
            }
            catch (Exception e)
            {
                Assert.Fail($"Byte {position} as 0x{value:X2}: {e}");
            }
        }
    }
}
