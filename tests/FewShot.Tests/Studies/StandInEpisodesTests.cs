using FewShot.Studies;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Tests.Studies;

public sealed class StandInEpisodesTests
{
    [Fact]
    public void Should_BePerfect_When_FeaturesTellTheClass()
    {
        using var bank = Bank(labels => torch.nn.functional.one_hot(labels, 8).to(torch.float32));

        Assert.Equal(1, StandInEpisodes.Measure(bank, shot: 1, episodes: 20, seed: 0).Mean);
    }

    [Fact]
    public void Should_BeAtChance_When_FeaturesSayNothing()
    {
        using var bank = Bank(Noise);

        Assert.True(StandInEpisodes.Measure(bank, shot: 1, episodes: 200, seed: 0).Interval is { Low: > 0.17, High: < 0.23 });
    }

    [Fact]
    public void Should_DrawTheSameTasks_When_TheSeedIsTheSame()
    {
        using var bank = Bank(labels => torch.nn.functional.one_hot(labels, 8) + Noise(labels));

        Assert.Equal(StandInEpisodes.Measure(bank, 1, 20, seed: 3).Episodes, StandInEpisodes.Measure(bank, 1, 20, seed: 3).Episodes);
        Assert.NotEqual(StandInEpisodes.Measure(bank, 1, 20, seed: 3).Mean, StandInEpisodes.Measure(bank, 1, 20, seed: 4).Mean);
    }

    private static FeatureBank Bank(Func<torch.Tensor, torch.Tensor> features)
    {
        using var scope = torch.NewDisposeScope();
        var labels = torch.arange(8, torch.int64).repeat(20);
        return new FeatureBank(
            "made up", features(labels).unsqueeze(0).MoveToOuterDisposeScope(), labels.MoveToOuterDisposeScope(), [.. "abcdefgh".Select(letter => letter.ToString())],
            new FeatureSource("data", "weights", "preprocessing", "image", "cpu"), isStandIn: false);
    }

    private static torch.Tensor Noise(torch.Tensor labels)
    {
        using var generator = new torch.Generator(0, torch.CPU);
        return torch.rand([labels.shape[0], 8], generator: generator);
    }
}
