using FewShot.Text;

namespace FewShot.Transfer;

/// <summary>What the features of a classifier's examples were made with.</summary>
/// <param name="Backbone">The backbone, in words.</param>
/// <param name="BackboneDigest">SHA-256 of its weights.</param>
/// <param name="Preprocessing">How pixels or letters became input, as a key.</param>
/// <param name="Options">The settings.</param>
internal sealed record FeatureOrigin(string Backbone, string BackboneDigest, string Preprocessing, ClassifierSettings Options)
{
    /// <summary>Of features that are made from now on.</summary>
    public static FeatureOrigin Of(ClassifierBackbone backbone, ClassifierOptions options) => new(
        backbone.Network.Description,
        backbone.Network.WeightsDigest,
        (backbone.Preprocessing with { Size = options.Size }).Key,
        options);

    /// <summary>Of features that are made from now on.</summary>
    public static FeatureOrigin Of(ITextEncoder encoder, TextClassifierOptions options) =>
        new(encoder.Name, encoder.WeightsDigest, encoder.Preprocessing, options);

    /// <summary>Of a classifier that was read.</summary>
    public static FeatureOrigin Of(ClassifierCard card) => new(card.Backbone, card.BackboneDigest, card.Preprocessing, card.Options);
}
