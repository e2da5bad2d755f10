using FewShot.Runtime;
using FewShot.Studies;
using TorchSharp;

namespace FewShot.Tests.Studies;

public sealed class StandInTrainingTests : IDisposable
{
    private static readonly StandInOptions Tiny = new() { Epochs = 2, ImagesPerClass = 1, BatchSize = 20, ValidationEpisodes = 10 };
    private readonly string folder = Directory.CreateTempSubdirectory("standin").FullName;

    [Fact]
    public void Should_WriteWeightsThatLoad_When_Trained()
    {
        var (epoch, accuracy) = StandInTraining.Train(Path.Combine(folder, StandInBackbone.WeightsFile), Tiny, ProgressSink.Current, TestContext.Current.CancellationToken);

        Assert.InRange(epoch, 1, 2);
        Assert.InRange(accuracy, 0.1, 1);
        using var backbone = StandInBackbone.Load(folder, device: null);
        Assert.True(backbone.IsStandIn);
    }

    [Fact]
    public void Should_KeepNoTensor_When_Trained()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        _ = StandInTraining.Train(Path.Combine(folder, StandInBackbone.WeightsFile), Tiny, ProgressSink.Current, TestContext.Current.CancellationToken);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Should_WriteNothing_When_Cancelled()
    {
        Assert.Throws<OperationCanceledException>(() => StandInTraining.Run(folder, Tiny, cancel: new CancellationToken(canceled: true)));

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
