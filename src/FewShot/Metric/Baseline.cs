using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Metric;

/// <summary>
/// Baseline (Chen, Liu, Kira, Wang and Huang 2019, "A Closer Look at Few-shot Classification", section 3.2): the network is trained as an
/// ordinary classifier of the base classes; for a new task it stays as it is, and a linear classifier is fitted to the support.
/// </summary>
public sealed class Baseline : BaseClassifier
{
    private const string BiasName = "classifier.bias";

    /// <summary>Starts from these weights, which are copied and stay the caller's.</summary>
    /// <param name="embedding">The network.</param>
    /// <param name="initial">Its weights.</param>
    /// <param name="classes">Base classes, at least 2.</param>
    /// <param name="options">How the classifier of a new task is fitted.</param>
    /// <exception cref="FewShotException">A setting is out of range, or the weights do not fit the network.</exception>
    public Baseline(IEmbedding embedding, ModelWeights initial, int classes, BaselineOptions? options = null)
        : this(embedding, initial, Checked(classes, options))
    {
    }

    private Baseline(IEmbedding embedding, ModelWeights initial, (int Classes, BaselineOptions Options) settings)
        : base(embedding, initial, Extra(embedding, settings.Classes), settings.Classes, settings.Options)
    {
    }

    private protected override torch.Tensor Classify(torch.Tensor vectors, IReadOnlyList<torch.Tensor> weights) =>
        vectors.bmm(weights[0].transpose(1, 2)) + weights[1].unsqueeze(1);

    private static IReadOnlyList<WeightShape> Extra(IEmbedding embedding, int classes)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        return [new(WeightName, [classes, embedding.FeatureCount], -1, true), new(BiasName, [classes], -1, true)];
    }
}
