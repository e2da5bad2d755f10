using FewShot.Data;
using FewShot.Transfer;

namespace FewShot.Studies;

/// <summary>The training images that occur in any draw of a study: their features are computed once for all draws.</summary>
internal sealed class DrawnPool : IDisposable
{
    private readonly ImageSet train;
    private readonly Dictionary<long, long> rows;

    /// <summary>Selects the images.</summary>
    /// <param name="train">What is drawn from; stays the caller's.</param>
    /// <param name="perClass">The numbers of labelled images of each class.</param>
    /// <param name="draws">How many draws of each; their seeds are 0, 1, 2, ...</param>
    public DrawnPool(ImageSet train, IEnumerable<int> perClass, int draws)
    {
        this.train = train;
        var positions = perClass
            .SelectMany(count => Enumerable.Range(0, draws).SelectMany(draw => Subset.Draw(train, count, draw)))
            .Distinct().Order().ToArray();
        rows = positions.Index().ToDictionary(one => one.Item, one => (long)one.Index);
        Images = train.Select(positions);
    }

    /// <summary>The images of all draws.</summary>
    public ImageSet Images { get; }

    /// <summary>The features of one draw.</summary>
    /// <param name="bank">Features of <see cref="Images"/>.</param>
    /// <param name="perClass">Labelled images of each class.</param>
    /// <param name="draw">The seed.</param>
    public FeatureBank Labelled(FeatureBank bank, int perClass, int draw) =>
        bank.Select([.. Subset.Draw(train, perClass, draw).Select(position => rows[position])]);

    /// <inheritdoc/>
    public void Dispose() => Images.Dispose();
}
