using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>The features of E episodes of one form, stacked: what an <see cref="IEpisodeHead"/> learns from and is asked about.</summary>
/// <remarks>It owns its tensors. The answers to the queries are not in it, so that no head can see them.</remarks>
public sealed class EpisodeFeatures : IDisposable
{
    /// <summary>Takes over three tensors of one device.</summary>
    /// <param name="support">Floating point, E x S x D.</param>
    /// <param name="supportLabels">int64, E x S, each from 0 to way - 1, every class at least once in every episode.</param>
    /// <param name="query">As <paramref name="support"/>, E x Q x D.</param>
    /// <param name="way">Number of classes of an episode, at least 2.</param>
    /// <param name="classes">int64, E x way: the class, in the set, of each label, at least 0; taken over, too. Null where no head needs
    /// it.</param>
    /// <exception cref="FewShotException">Shapes, types or labels do not fit together; the tensors stay the caller's then.</exception>
    public EpisodeFeatures(torch.Tensor support, torch.Tensor supportLabels, torch.Tensor query, int way, torch.Tensor? classes = null)
    {
        ArgumentNullException.ThrowIfNull(support);
        ArgumentNullException.ThrowIfNull(supportLabels);
        ArgumentNullException.ThrowIfNull(query);
        if (support.dim() != 3 || query.dim() != 3 || !support.is_floating_point() || support.dtype != query.dtype
            || support.numel() == 0 || query.numel() == 0
            || support.shape[0] != query.shape[0] || support.shape[2] != query.shape[2])
        {
            throw new FewShotException(
                "Support and query features must be floating point, episodes x examples x features, and agree in all but the examples; "
                + $"found {Text(support)} and {Text(query)}.");
        }

        if (supportLabels.dtype != torch.ScalarType.Int64 || !supportLabels.shape.SequenceEqual(support.shape[..2]))
        {
            throw new FewShotException(
                $"The labels of the support must be int64 with shape [{support.shape[0]}, {support.shape[1]}]; "
                + $"found {Text(supportLabels)}.");
        }

        CheckLabels(supportLabels, way);
        if (classes is not null && (classes.dtype != torch.ScalarType.Int64 || !classes.shape.SequenceEqual([support.shape[0], way])))
            throw new FewShotException($"The classes must be int64 with shape [{support.shape[0]}, {way}]; found {Text(classes)}.");
        Support = support.DetachFromDisposeScope();
        SupportLabels = supportLabels.DetachFromDisposeScope();
        Query = query.DetachFromDisposeScope();
        Way = way;
        Classes = classes?.DetachFromDisposeScope();
    }

    /// <summary>E x S x D.</summary>
    public torch.Tensor Support { get; }

    /// <summary>int64, E x S, each from 0 to <see cref="Way"/> - 1.</summary>
    public torch.Tensor SupportLabels { get; }

    /// <summary>E x Q x D.</summary>
    public torch.Tensor Query { get; }

    /// <summary>Number of classes of an episode.</summary>
    public int Way { get; }

    /// <summary>int64, E x way: the class, in the set, of each label; null where the head is not told it.</summary>
    public torch.Tensor? Classes { get; }

    /// <summary>Number of episodes E.</summary>
    public int Count => (int)Support.shape[0];

    /// <inheritdoc/>
    public void Dispose()
    {
        Support.Dispose();
        SupportLabels.Dispose();
        Query.Dispose();
        Classes?.Dispose();
    }

    private static void CheckLabels(torch.Tensor labels, int way)
    {
        using var scope = torch.NewDisposeScope();
        var (low, high) = (labels.min().item<long>(), labels.max().item<long>());
        if (way < 2 || low < 0 || high >= way)
        {
            throw new FewShotException(
                $"An episode has at least 2 ways, and labels from 0 to ways - 1; found {way} ways and labels from {low} to {high}.");
        }

        var counts = torch.nn.functional.one_hot(labels, way).sum([1]);
        if (counts.min().item<long>() == 0)
            throw new FewShotException($"Every class of an episode needs a support example; some episode lacks one of its {way} classes.");
    }

    private static string Text(torch.Tensor tensor) => $"{tensor.dtype} [{string.Join(", ", tensor.shape)}]";
}
