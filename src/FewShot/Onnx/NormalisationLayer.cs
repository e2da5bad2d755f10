using FewShot.Runtime;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Onnx;

/// <summary>A normalisation as its layers need it: an order of channels, a factor for each, and what is added at each place.</summary>
/// <param name="Channels">Which of red (0), green (1) and blue (2) each channel is.</param>
/// <param name="Factors">What pixels in 0..255 are multiplied by, in the order of the channels.</param>
/// <param name="Preprocessing">Says what is added: what it makes of black.</param>
internal sealed record NormalisationLayer(long[] Channels, double[] Factors, Preprocessing Preprocessing)
{
    /// <exception cref="FewShotException">It is of a kind that cannot be exported.</exception>
    public static NormalisationLayer Of(Preprocessing preprocessing) => preprocessing.Normalisation switch
    {
        ChannelNormalisation channel => new([0, 1, 2], [.. channel.StandardDeviation.Select(d => 1 / (255 * d))], preprocessing),
        MeanImageNormalisation => new([2, 1, 0], [1, 1, 1], preprocessing),
        var other => throw new FewShotException(
            $"A normalisation of the type {other.GetType().Name} cannot be exported to ONNX: only {nameof(ChannelNormalisation)} and "
            + $"{nameof(MeanImageNormalisation)} can."),
    };

    /// <param name="graph">Where the layers go.</param>
    /// <param name="pixels">A value, float32, N x 3 x Size x Size, in 0..255, channels in the order of <see cref="Channels"/>.</param>
    /// <returns>A value of the same shape.</returns>
    public string Add(OnnxGraph graph, string pixels)
    {
        using var scope = torch.NewDisposeScope();
        var black = torch.zeros([1, 3, Preprocessing.Size, Preprocessing.Size], torch.uint8, torch.CPU);
        var factors = graph.Weights("normalised.factors", torch.tensor(Factors).view(1, 3, 1, 1));
        var scaled = graph.Add("Mul", "normalised.scaled", [pixels, factors]);
        return graph.Add("Add", "normalised", [scaled, graph.Weights("normalised.black", Preprocessing.Apply(black, torch.CPU))]);
    }
}
