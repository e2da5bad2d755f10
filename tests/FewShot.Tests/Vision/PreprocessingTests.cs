using System.Text.Json;
using FewShot.Runtime;
using FewShot.Tests.Golden;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Tests.Vision;

public sealed class PreprocessingTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Golden().Length)];

    public void Dispose() => scope.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Should_GiveTorchvisionsPixels_When_ResizedCroppedAndNormalised(int index)
    {
        var golden = Golden()[index];
        int Int(string name) => golden.GetProperty(name).GetInt32();
        var antialias = golden.GetProperty("antialias").GetBoolean();
        var image = Formula.Pixels($"{Int("height")}x{Int("width")}", 1, 3, Int("height"), Int("width"));
        var found = golden.GetProperty("kind").GetString() == "bilinear"
            ? Resize.Bilinear(image.to(torch.float32) / 255, golden.Values<int>("to")[0], golden.Values<int>("to")[1], antialias)
            : new Preprocessing(Int("size"), antialias).Apply(image, torch.CPU);
        Assert.Equal(golden.Values<long>("shape"), found.shape);
        found.ShouldEqual(golden.Values<float>("values"), 5e-6);
    }

    [Fact]
    public void Should_LeaveTheInputAlone_When_Applied()
    {
        var image = Formula.Pixels("input", 1, 3, 6, 6);
        var copy = image.clone();
        new Preprocessing(6).Apply(image, torch.CPU);
        var floats = copy.to(torch.float32);
        new ChannelNormalisation().Apply(floats);
        Assert.Equal(copy, image);
        Assert.Equal(copy.to(torch.float32), floats);
    }

    [Fact]
    public void Should_KeepNoTensor_When_TheResultIsDisposed()
    {
        var image = Formula.Pixels("input", 2, 3, 6, 8);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        new Preprocessing(5).Apply(image, torch.CPU).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Should_Refuse_When_InputOrSettingsDoNotFit()
    {
        Assert.Throws<FewShotException>(() => new Preprocessing().Apply(torch.zeros(1, 3, 4, 4), torch.CPU));
        Assert.Throws<FewShotException>(() => new Preprocessing().Apply(torch.zeros(1, 1, 4, 4, torch.uint8), torch.CPU));
        Assert.Throws<FewShotException>(() => new Preprocessing(0).Apply(torch.zeros(1, 3, 4, 4, torch.uint8), torch.CPU));
        Assert.Throws<FewShotException>(
            () => new Preprocessing(4) { Normalisation = new ChannelNormalisation { Mean = [0.5] } }
                .Apply(torch.zeros(1, 3, 4, 4, torch.uint8), torch.CPU));
        Assert.Throws<FewShotException>(
            () => new Preprocessing(4) { Normalisation = new ChannelNormalisation { StandardDeviation = [1, 0, 1] } }
                .Apply(torch.zeros(1, 3, 4, 4, torch.uint8), torch.CPU));
        Assert.Throws<FewShotException>(() => Resize.CentreCrop(torch.zeros(1, 3, 4, 4), 5, 4));
    }

    private static JsonElement[] Golden() => GoldenFile.Read("resize.json").Values<JsonElement>("cases");
}
