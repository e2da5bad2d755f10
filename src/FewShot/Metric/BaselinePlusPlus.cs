using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Metric;

/// <summary>
/// Baseline++ (Chen, Liu, Kira, Wang and Huang 2019, "A Closer Look at Few-shot Classification", section 3.3): as <see cref="Baseline"/>,
/// but the score of a class is the cosine between the vector and the class's weights, times a fixed factor; this draws the images of a
/// class together.
/// </summary>
/// <remarks>The factor is the authors' code's: 2, and 10 where there are more than 200 classes.</remarks>
public sealed class BaselinePlusPlus : BaseClassifier
{
    private const int ManyClasses = 200;
    private const double ScaleOfFew = 2;
    private const double ScaleOfMany = 10;

    /// <summary>Starts from these weights, which are copied and stay the caller's.</summary>
    /// <param name="embedding">The network.</param>
    /// <param name="initial">Its weights.</param>
    /// <param name="classes">Base classes, at least 2.</param>
    /// <param name="options">How the classifier of a new task is fitted.</param>
    /// <exception cref="FewShotException">A setting is out of range, or the weights do not fit the network.</exception>
    public BaselinePlusPlus(IEmbedding embedding, ModelWeights initial, int classes, BaselineOptions? options = null)
        : this(embedding, initial, Checked(classes, options))
    {
    }

    private BaselinePlusPlus(IEmbedding embedding, ModelWeights initial, (int Classes, BaselineOptions Options) settings)
        : base(embedding, initial, Extra(embedding, settings.Classes), settings.Classes, settings.Options)
    {
    }

    private protected override torch.Tensor Classify(torch.Tensor vectors, IReadOnlyList<torch.Tensor> weights) =>
        ProtoNet.Cosines(vectors, weights[0]) * (weights[0].shape[1] > ManyClasses ? ScaleOfMany : ScaleOfFew);

    private static IReadOnlyList<WeightShape> Extra(IEmbedding embedding, int classes)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        return [new(WeightName, [classes, embedding.FeatureCount], -1, true)];
    }
}
