using FewShot.Data;
using FewShot.Episodes;
using FewShot.Heads;
using FewShot.Tests.Golden;
using FewShot.Tests.Transfer;
using FewShot.Transfer;
using FewShot.Trials;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Tests.Trials;

/// <summary>A small set whose classes can be told apart by their colours, most of the time.</summary>
internal sealed class TrialMaterial : IDisposable
{
    public static EpisodeOptions Form { get; } = new(Way: 4, Shot: 1, Query: 3);

    public TrialMaterial(string name = "judged", int classes = 12, int perClass = 10)
    {
        Set = Images(name, classes, perClass);
        List = EpisodeList.Draw(Set, Form, 60, seed: 3);
        Bank = Features(Set);
    }

    public ImageSet Set { get; }

    public EpisodeList List { get; }

    public FeatureBank Bank { get; }

    public FeatureMethod Honest => new(new CentroidHead(), Bank);

    public Evaluator Evaluator => new(List, Set);

    /// <summary>Classes of other names and colours for every other name of the set.</summary>
    public static ImageSet Images(string name, int classes = 12, int perClass = 10)
    {
        using var scope = torch.NewDisposeScope();
        var labels = torch.arange(classes * perClass, torch.int64).remainder(classes);
        var colours = Formula.Floats($"{name} colours", [classes, 3, 1, 1], u => (float)(40 + (170 * u)));
        var noise = Formula.Floats($"{name} noise", [classes * perClass, 3, 8, 8], u => (float)(40 * (u - 0.5)));
        var shade = Formula.Floats($"{name} shade", [classes * perClass, 3, 1, 1], u => (float)(90 * (u - 0.5)));
        var pixels = (colours.index_select(0, labels) + noise + shade).clamp(0, 255).to(torch.uint8);
        return new ImageSet(
            name, pixels.MoveToOuterDisposeScope(), labels.MoveToOuterDisposeScope(),
            [.. Enumerable.Range(0, classes).Select(label => $"{name} {label}")]);
    }

    public static FeatureBank Features(ImageSet set)
    {
        using var backbone = new FakeExtractor();
        return FeatureBank.Extract(backbone, set, new Preprocessing(8));
    }

    /// <summary>The same episodes, changed.</summary>
    public EpisodeList Changed(Func<Episode, Episode> change) =>
        EpisodeList.Of(Set, List.Options, [.. List.Episodes.Select(change)], List.Seed);

    public void Dispose()
    {
        Bank.Dispose();
        Set.Dispose();
    }
}

/// <summary>Nearest class mean; optionally after the queries of an episode have been normalised together.</summary>
internal sealed class CentroidHead(bool normalisesQueries = false, bool saysSo = false) : IEpisodeHead
{
    public string Name => "centroids";

    public bool IsTransductive => saysSo;

    public torch.Tensor Scores(EpisodeFeatures episodes)
    {
        using var scope = torch.NewDisposeScope();
        var members = torch.nn.functional.one_hot(episodes.SupportLabels, episodes.Way).to(episodes.Support.dtype).transpose(1, 2);
        var (support, query) = (episodes.Support, episodes.Query);
        if (normalisesQueries)
        {
            support = Normalised(support);
            query = Normalised(query);
        }

        var means = members.bmm(support) / members.sum([2], keepdim: true);
        return (-(query.unsqueeze(2) - means.unsqueeze(1)).square().sum([3])).MoveToOuterDisposeScope();
    }

    private static torch.Tensor Normalised(torch.Tensor rows)
    {
        var centred = rows - rows.mean([1], keepdim: true);
        return centred / (centred.square().mean([1], keepdim: true) + 1e-6).sqrt();
    }
}

/// <summary>A method by a function from an episode to scores, query by query.</summary>
internal sealed class MadeUp(Func<Episode, int, int, double> score, bool isTransductive = false, string name = "made up") : IFewShotMethod
{
    public string Name => name;

    public bool IsTransductive => isTransductive;

    public torch.Tensor Scores(IReadOnlyList<Episode> episodes)
    {
        var (queries, way) = (episodes[0].Query.Count, episodes[0].Way);
        var values = new float[episodes.Count, queries, way];
        for (var e = 0; e < episodes.Count; e++)
        {
            for (var q = 0; q < queries; q++)
            {
                for (var k = 0; k < way; k++)
                    values[e, q, k] = (float)score(episodes[e], q, k);
            }
        }

        return torch.tensor(values);
    }
}
