using FewShot.Models;
using TorchSharp;

namespace FewShot.Tests.Transfer;

/// <summary>Features by formula: the mean of each channel, and of its left half. It counts the images it sees.</summary>
internal sealed class FakeExtractor(string weights = "abc", Func<torch.Tensor, torch.Tensor>? change = null) : IFeatureExtractor
{
    public int Images { get; private set; }

    public int LargestBatch { get; private set; }

    public string Name => "fake";

    public string Description => "fake";

    public string WeightsDigest => weights;

    public int FeatureCount => 6;

    public torch.Tensor Features(torch.Tensor images)
    {
        Images += (int)images.shape[0];
        LargestBatch = Math.Max(LargestBatch, (int)images.shape[0]);
        using var scope = torch.NewDisposeScope();
        var features = torch.cat([images.mean([2, 3]), images.narrow(3, 0, images.shape[3] / 2).mean([2, 3])], 1);
        return (change is null ? features : change(features)).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
    }
}
