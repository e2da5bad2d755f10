using System.Globalization;
using FewShot.Data;
using FewShot.Episodes;
using FewShot.Heads;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Benchmarks;

/// <summary>
/// Episodes over cached features: 20 classes of 600 vectors with 512 numbers, as a frozen backbone gives them for the test classes of
/// CIFAR-FS, drawn at random so that no data are needed.
/// </summary>
internal sealed class EpisodeSubject : IDisposable
{
    private const int Classes = 20;
    private const int PerClass = 600;
    private const int Size = 512;
    private const int Way = 5;

    // Features of so many episodes are gathered at once.
    private const int Together = 250;

    private readonly torch.Tensor features;
    private readonly torch.Tensor support;
    private readonly torch.Tensor query;
    private readonly torch.Tensor supportLabels;

    /// <summary>Draws features and episodes.</summary>
    public EpisodeSubject(int episodes, int shot)
    {
        Torch.Seed(0);
        using var scope = torch.NewDisposeScope();
        var labels = torch.arange(Classes * PerClass, torch.int64).remainder(Classes);
        // Activations behind a ReLU: most are small, and every class has its own mean.
        var values = 0.3 + (0.25 * torch.randn(Classes, Size).index_select(0, labels)) + torch.randn(Classes * PerClass, Size);
        features = values.relu().DetachFromDisposeScope();
        using var set = new ImageSet(
            "drawn features", torch.zeros([Classes * PerClass, 3, 1, 1], torch.uint8), labels.clone(),
            [.. Enumerable.Range(0, Classes).Select(number => $"class {number}")], isStandIn: true);
        var list = EpisodeList.Draw(set, new EpisodeOptions(Way, shot, 15), episodes);
        support = Numbers(list, episode => episode.Support.Select(image => (long)image.Position));
        supportLabels = Numbers(list, episode => episode.Support.Select(image => (long)image.Label));
        query = Numbers(list, episode => episode.Query.Select(image => (long)image.Position));
        QueryLabels = Numbers(list, episode => episode.Query.Select(image => (long)image.Label));
        Name = string.Create(
            CultureInfo.InvariantCulture, $"{episodes:N0} episodes, {Way}-way {shot}-shot, 15 queries of each class, {Size} features");
    }

    /// <summary>What is computed.</summary>
    public string Name { get; }

    /// <summary>The answers, int64, E x Q.</summary>
    public torch.Tensor QueryLabels { get; }

    /// <summary>Answers of a head of many episodes, int64, E x Q; the rows are picked on the way.</summary>
    public torch.Tensor Answer(IEpisodeHead head)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var answers = torch.empty_like(QueryLabels);
        for (var start = 0L; start < support.shape[0]; start += Together)
        {
            using var inner = torch.NewDisposeScope();
            var count = Math.Min(Together, support.shape[0] - start);
            using var episodes = new EpisodeFeatures(
                Rows(support, start, count), supportLabels.narrow(0, start, count).clone(), Rows(query, start, count), Way);
            _ = answers.narrow(0, start, count).copy_(head.Scores(episodes).argmax(2));
        }

        return answers.MoveToOuterDisposeScope();
    }

    /// <summary>Answers of nearest centroid as a plain loop over episodes computes them.</summary>
    public torch.Tensor AnswerOneByOne()
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var answers = torch.empty_like(QueryLabels);
        for (var i = 0L; i < support.shape[0]; i++)
        {
            using var inner = torch.NewDisposeScope();
            var members = torch.nn.functional.one_hot(supportLabels[i], Way).to(torch.float32).t();
            var centroids = members.mm(features.index_select(0, support[i])) / members.sum(1, keepdim: true);
            _ = answers[i].copy_(torch.cdist(features.index_select(0, query[i]), centroids).argmin(1));
        }

        return answers.MoveToOuterDisposeScope();
    }

    /// <summary>Share of right answers, 0 to 1.</summary>
    public double Accuracy(torch.Tensor answers)
    {
        using var scope = torch.NewDisposeScope();
        return answers.eq(QueryLabels).to(torch.float64).mean().item<double>();
    }

    /// <summary>Writes features (float32) and the numbers of support, its labels and query (int64), for a peer.</summary>
    /// <returns>The paths and sizes, as arguments.</returns>
    public IReadOnlyList<string> Write(string folder)
    {
        var path = Path.Combine(folder, "features");
        File.WriteAllBytes(path, features.bytes.ToArray());
        var numbers = Path.Combine(folder, "episodes");
        using (var stream = File.Create(numbers))
        {
            foreach (var part in new[] { support, supportLabels, query })
                stream.Write(part.bytes);
        }

        long[] sizes = [Size, .. support.shape, query.shape[1]];
        return [path, numbers, .. sizes.Select(size => size.ToString(CultureInfo.InvariantCulture))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        features.Dispose();
        support.Dispose();
        query.Dispose();
        supportLabels.Dispose();
        QueryLabels.Dispose();
    }

    private torch.Tensor Rows(torch.Tensor numbers, long start, long count) =>
        features.index_select(0, numbers.narrow(0, start, count).flatten()).view(count, numbers.shape[1], Size);

    private static torch.Tensor Numbers(EpisodeList list, Func<Episode, IEnumerable<long>> part) =>
        torch.tensor(list.Episodes.SelectMany(part).ToArray(), torch.int64).view(list.Count, -1).DetachFromDisposeScope();
}
