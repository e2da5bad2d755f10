using FewShot.Heads;
using FewShot.Tests.Golden;
using TorchSharp;

namespace FewShot.Tests.Heads;

/// <summary>Episodes by formula, the same as in Golden/heads.py: 3 episodes, 5 ways, 4 queries of each, 32 features.</summary>
internal static class EpisodeSamples
{
    public const int Count = 3;
    public const int Way = 5;
    public const int Queries = 4;
    public const int Size = 32;

    public static EpisodeFeatures Draw(int shot, torch.ScalarType? type = null)
    {
        using var scope = torch.NewDisposeScope();
        var labels = Labels(shot).expand(Count, Way * shot).clone();
        var (support, query) = (Part("support", shot, shot), Part("query", shot, Queries));
        var wanted = type ?? torch.float64;
        return new EpisodeFeatures(support.to(wanted).clone(), labels, query.to(wanted).clone(), Way);
    }

    /// <summary>The same with other tensors in places; what is null stays.</summary>
    public static EpisodeFeatures With(
        this EpisodeFeatures episodes, torch.Tensor? support = null, torch.Tensor? labels = null, torch.Tensor? query = null) =>
        new((support ?? episodes.Support).clone(), (labels ?? episodes.SupportLabels).clone(), (query ?? episodes.Query).clone(), Way);

    public static torch.Tensor Labels(int perClass) => torch.arange(Way * perClass, torch.int64).remainder(Way);

    public static double LargestDifference(torch.Tensor one, torch.Tensor other) =>
        (one - other).abs().max().to(torch.float64).item<double>();

    private static torch.Tensor Part(string name, int shot, int perClass)
    {
        var labels = Labels(perClass).view(-1, 1);
        var values = torch.tensor(
            Formula.Uniform($"{name} {shot}", (long)Count * Way * perClass * Size), [Count, Way * perClass, Size], torch.float64);
        return values + (0.4 * torch.arange(Size, torch.int64).remainder(Way).eq(labels).to(torch.float64));
    }
}
