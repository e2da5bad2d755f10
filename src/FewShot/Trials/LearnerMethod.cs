using System.Security.Cryptography;
using FewShot.Data;
using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Trials;

/// <summary>
/// A learner over the images of a set. A <see cref="MetaLearner"/> adapts to the support of each episode with its own number of inner
/// steps, and its BatchNorm sees the queries of an episode together, or each by itself; other learners compare vectors.
/// </summary>
public sealed class LearnerMethod : IAdaptingMethod, IDisposable
{
    private const int EpisodesAtOnce = 20;

    private readonly EpisodicLearner learner;
    private readonly EpisodeImages images;
    private readonly BatchNormMode batchNorm;

    /// <summary>A learner over a set.</summary>
    /// <param name="name">What the learner is called: "MAML". Where BatchNorm sees other queries the name says so, too.</param>
    /// <param name="learner">Float32 weights; it stays the caller's and must outlive this.</param>
    /// <param name="set">The images; they stay the caller's and must outlive this.</param>
    /// <param name="batchNorm">Where BatchNorm takes mean and variance from when queries are answered.</param>
    public LearnerMethod(string name, EpisodicLearner learner, ImageSet set, BatchNormMode batchNorm)
    {
        ArgumentNullException.ThrowIfNull(learner);
        ArgumentNullException.ThrowIfNull(set);
        (this.learner, this.batchNorm) = (learner, batchNorm);
        var model = (learner as MetaLearner)?.Model;
        IsTransductive = batchNorm == BatchNormMode.Transductive && model is not { UsesBatchNorm: false };
        Name = model is { UsesBatchNorm: true } ? $"{name}, {(IsTransductive ? "transductive" : "inductive")} BatchNorm" : name;
        images = new EpisodeImages(set, learner.MetaParameters.Flat.device);
        Source = new MethodSource(
            $"{model?.Name ?? learner.GetType().Name}, SHA-256 of the values {Digest(learner)[..8]}",
            set.Digest,
            EpisodeList.FrameOf(set.LabelValues, set.ClassNames));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public bool IsTransductive { get; }

    /// <inheritdoc/>
    public bool Adapts => learner is MetaLearner;

    /// <inheritdoc/>
    public MethodSource Source { get; }

    /// <inheritdoc/>
    /// <exception cref="FewShotException">The episodes do not fit the learner.</exception>
    public torch.Tensor Scores(IReadOnlyList<Episode> episodes) => Scores(episodes, batch => learner.Predict(batch, batchNorm));

    /// <inheritdoc/>
    /// <exception cref="FewShotException">The episodes do not fit the learner, or it does not adapt.</exception>
    public torch.Tensor ScoresBeforeAdaptation(IReadOnlyList<Episode> episodes) => learner is MetaLearner adapting
        ? Scores(episodes, batch => adapting.Predict(batch, 0, batchNorm))
        : throw new FewShotException($"{Name} does not adapt: it has no scores from before.");

    /// <inheritdoc/>
    public void Dispose() => images.Dispose();

    private torch.Tensor Scores(IReadOnlyList<Episode> episodes, Func<TaskBatch, torch.Tensor> predict)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        using var scope = torch.NewDisposeScope();
        var parts = new List<torch.Tensor>();
        foreach (var chunk in episodes.Chunk(EpisodesAtOnce))
        {
            using var inner = torch.NewDisposeScope();
            using var batch = images.Batch(chunk);
            parts.Add(predict(batch).to(torch.float32).cpu().MoveToOuterDisposeScope());
        }

        return torch.cat([.. parts]).MoveToOuterDisposeScope();
    }

    /// <summary>SHA-256 over all values that its answers depend on, in hexadecimal.</summary>
    private static string Digest(EpisodicLearner learner)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var values in learner.State.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value)
            .Prepend(learner.MetaParameters.Flat))
        {
            hash.AppendData(values.to(torch.float64).cpu().contiguous().bytes.ToArray());
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
