using FewShot.Runtime;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Tests.Transfer;

public sealed class CrossValidationTests : IDisposable
{
    private readonly IDisposable scope;

    public CrossValidationTests()
    {
        Torch.Load();
        scope = torch.NewDisposeScope();
    }

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Should_StayAtChance_When_LabelsAreDrawnByLot()
    {
        // More features than photos: a head that had seen a photo would know its label by heart.
        using var generator = new torch.Generator(1, torch.CPU);
        var features = torch.randn([200, 300], generator: generator);
        var labels = torch.arange(200, torch.int64).remainder(2);
        Assert.InRange(CrossValidation.Correct(features, labels, 2, 5, HeadRecipe.Logistic(0.1)), 75, 125);
    }

    [Fact]
    public void Should_ScoreEachPhotoByTheOthers_When_EachIsAClassOfItsOwn()
    {
        var features = torch.tensor(new float[,] { { 0, 1 }, { 0, 2 }, { 5, 1 }, { 5, 2 } });
        var labels = torch.tensor(new long[] { 0, 0, 1, 1 });
        var seen = new List<long>();
        using var scores = CrossValidation.Scores(features, labels, 5, (some, theirs) =>
        {
            seen.Add(some.shape[0]);
            return HeadRecipe.Centroid.Fit(some, theirs, 2);
        });
        Assert.Equal([2L, 2], seen);
        Assert.Equal(4, CrossValidation.Correct(scores, labels));
    }
}
