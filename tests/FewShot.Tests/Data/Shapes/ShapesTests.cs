using FewShot.Data;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Data;

public sealed class ShapesTests
{
    private static readonly ShapesOptions Few = new() { BasePerClass = 3, ValidationPerClass = 4, NovelPerClass = 5 };

    [Fact]
    public void Should_DrawTheSameImages_When_TheSeedIsTheSame()
    {
        using var one = Shapes.Generate(Few);
        using var other = Shapes.Generate(Few);

        Assert.Equal(one.Base.Digest, other.Base.Digest);
        Assert.Equal(one.Validation.Digest, other.Validation.Digest);
        Assert.Equal(one.Novel.Digest, other.Novel.Digest);
    }

    [Fact]
    public void Should_DrawOtherImagesOfTheSameClasses_When_TheSeedDiffers()
    {
        using var one = Shapes.Generate(Few);
        using var other = Shapes.Generate(Few with { Seed = 1 });

        Assert.NotEqual(one.Novel.Digest, other.Novel.Digest);
        Assert.Equal(one.Novel.ClassNames, other.Novel.ClassNames);
    }

    [Fact]
    public void Should_DrawThePixelsOfRecord_When_OnAnyMachine()
    {
        var (train, test) = Shapes.TenClassProblem(trainPerClass: 4, testPerClass: 4);
        using (train)
        using (test)
        {
            Assert.Equal("e4fc342f38bbdd16189a08ed712d4db70539c7532ce34459dad04250d3b5ca91", train.Digest);
            Assert.Equal("c2a3910593cbde89bbef8484df931268825e219559007e27981a3ec924bd31be", test.Digest);
        }
    }

    [Fact]
    public void Should_KeepAnImage_When_MoreAreDrawn()
    {
        using var few = Shapes.Generate(Few);
        using var more = Shapes.Generate(Few with { NovelPerClass = 9 });

        using var scope = torch.NewDisposeScope();
        Assert.True(more.Novel.Images.narrow(0, 0, few.Novel.Count).equal(few.Novel.Images).all().item<bool>());
    }

    [Fact]
    public void Should_HaveAtLeast120Classes_When_ThePartsAreCountedTogether()
    {
        string[] names = [.. Shapes.BaseClassNames, .. Shapes.ValidationClassNames, .. Shapes.NovelClassNames];

        Assert.Equal(80, Shapes.BaseClassNames.Count);
        Assert.Equal(16, Shapes.ValidationClassNames.Count);
        Assert.Equal(32, Shapes.NovelClassNames.Count);
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    [Fact]
    public void Should_HoldEveryClassEquallyOften_When_Drawn()
    {
        using var splits = Shapes.Generate(Few);

        foreach (var (set, classes, perClass) in new[] { (splits.Base, 80, 3), (splits.Validation, 16, 4), (splits.Novel, 32, 5) })
        {
            Assert.Equal(classes, set.ClassNames.Count);
            Assert.True(set.IsStandIn);
            Assert.Equal([set.Count, 3, 32, 32], set.Images.shape);
            Assert.All(set.LabelValues.GroupBy(label => label), group => Assert.Equal(perClass, group.Count()));
        }
    }

    [Fact]
    public void Should_ShareNoImage_When_TrainAndTestAreDrawn()
    {
        var (train, test) = Shapes.TenClassProblem(trainPerClass: 20, testPerClass: 20);
        using (train)
        using (test)
        {
            Assert.Equal(10, train.ClassNames.Distinct().Count());
            Assert.All(train.ClassNames, name => Assert.Contains(name, Shapes.NovelClassNames));
            var images = Rows(train).Concat(Rows(test)).Select(Convert.ToHexString).ToList();
            Assert.Equal(images.Count, images.Distinct().Count());
        }
    }

    [Fact]
    public void Should_VaryPlaceColourAndBackground_When_TheClassStays()
    {
        using var splits = Shapes.Generate(new ShapesOptions { BasePerClass = 40, ValidationPerClass = 1, NovelPerClass = 1 });
        var discs = Rows(splits.Base).Where((_, i) => splits.Base.LabelValues[i] == 0).ToList();

        // The corner shows the background, the middle the disc: both must range over dark and light in each colour.
        foreach (var channel in new[] { 0, 1, 2 })
        {
            Assert.InRange(StandardDeviation(discs.Select(pixels => (double)pixels[channel * 1024])), 35, 128);
            Assert.InRange(StandardDeviation(discs.Select(pixels => (double)pixels[(channel * 1024) + (16 * 32) + 16])), 35, 128);
        }
    }

    [Fact]
    public void Should_DifferInFigure_When_AnyTwoClassesAreCompared()
    {
        var grids = ShapeCatalogue.All.Select(shape => Mask(shape.Figure)).ToList();
        for (var one = 0; one < grids.Count; one++)
        {
            for (var other = one + 1; other < grids.Count; other++)
            {
                var (overlap, union) = (0, 0);
                for (var i = 0; i < grids[one].Length; i++)
                {
                    overlap += grids[one][i] & grids[other][i];
                    union += grids[one][i] | grids[other][i];
                }

                Assert.True(
                    overlap < 0.9 * union,
                    $"{ShapeCatalogue.All[one].Name} and {ShapeCatalogue.All[other].Name} " +
                    $"cover nearly the same pixels ({overlap} of {union}).");
            }
        }
    }

    [Fact]
    public void Should_StayInsideTheDrawingSquare_When_AFigureIsDrawn()
    {
        foreach (var shape in ShapeCatalogue.All)
        {
            for (var along = -1.2; along <= 1.2; along += 0.05)
            {
                foreach (var (x, y) in new[] { (along, -1.2), (along, 1.2), (-1.2, along), (1.2, along) })
                    Assert.True(shape.Figure(x, y) > 0, $"{shape.Name} reaches beyond its square at ({x:0.00}, {y:0.00}).");
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Should_SayWhatIsWrong_When_TheCountCannotBeDrawn(int perClass)
    {
        var error = Assert.Throws<FewShotException>(() => Shapes.Generate(new ShapesOptions { BasePerClass = perClass }));

        Assert.Contains("images per class were asked for", error.Message, StringComparison.Ordinal);
    }

    private static int[] Mask(SignedDistance figure) =>
        [.. Enumerable.Range(0, 40 * 40).Select(i => figure(((i % 40) / 20.0) - 0.975, ((i / 40) / 20.0) - 0.975) < 0 ? 1 : 0)];

    private static IEnumerable<byte[]> Rows(ImageSet set) => set.Images.data<byte>().ToArray().Chunk(3 * 32 * 32);

    private static double StandardDeviation(IEnumerable<double> values)
    {
        var list = values.ToList();
        var mean = list.Average();
        return Math.Sqrt(list.Average(value => (value - mean) * (value - mean)));
    }
}
