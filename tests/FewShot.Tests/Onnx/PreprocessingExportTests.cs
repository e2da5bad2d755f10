using FewShot.Data;
using FewShot.Onnx;
using FewShot.Runtime;
using FewShot.Tests.Data;
using FewShot.Tests.Golden;
using FewShot.Vision;
using Onnx;
using TorchSharp;

namespace FewShot.Tests.Onnx;

public sealed class PreprocessingExportTests : IDisposable
{
    private const double Tolerance = 5e-5;

    private readonly DisposeScope scope = torch.NewDisposeScope();
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        folder.Dispose();
        scope.Dispose();
    }

    [Theory]
    [InlineData(37, 53, 32)]
    [InlineData(201, 130, 64)]
    [InlineData(333, 499, 224)]
    [InlineData(32, 32, 128)]
    [InlineData(31, 47, 64)]
    [InlineData(64, 64, 64)]
    [InlineData(64, 65, 64)]
    [InlineData(67, 64, 64)]
    [InlineData(1, 9, 5)]
    [InlineData(601, 40, 33)]
    public void Should_GiveOurPixels_When_ThePictureHasAnySize(int height, int width, int size)
    {
        var pictures = Pictures.Make(2, height, width);
        foreach (var antialias in new[] { true, false })
        {
            var preprocessing = new Preprocessing(size, antialias);
            var found = Run(preprocessing, pictures, mirrored: false);
            var difference = Pictures.Difference(found, preprocessing.Apply(pictures, torch.CPU));
            Assert.True(difference <= Tolerance, $"{difference:E1} with antialias {antialias}");
        }
    }

    [Fact]
    public void Should_GiveOurPixels_When_AMeanImageIsTakenAway()
    {
        var mean = Array.ConvertAll(Formula.Uniform("mean", 3 * 20 * 20), value => (float)(255 * value));
        var preprocessing = new Preprocessing(32) { Normalisation = new MeanImageNormalisation(mean, 20, "ab") };
        var pictures = Pictures.Make(2, 57, 91);
        var found = Run(preprocessing, pictures, mirrored: false);
        Assert.InRange(Pictures.Difference(found, preprocessing.Apply(pictures, torch.CPU)), 0, Tolerance);
    }

    [Theory]
    [InlineData(157, 233, 64, 64, false)]
    [InlineData(233, 157, 64, 48, true)]
    [InlineData(20, 31, 64, 64, true)]
    [InlineData(40, 401, 32, 32, false)]
    [InlineData(601, 33, 32, 40, true)]
    public void Should_ReadAsTheFolderDoes_When_ImagesWereReadFromOne(int height, int width, int folderSize, int size, bool mirrored)
    {
        var pictures = Pictures.Make(2, height, width);
        string[] files = [.. Enumerable.Range(0, 2).Select(i => Pictures.Save(pictures[i], folder.At($"{i}.png")))];
        var read = ImageFolder.LoadFiles("photos", files, new ImageFolderOptions(folderSize), new Progress<StepProgress>());
        var preprocessing = new Preprocessing(size);
        var expected = preprocessing.Apply(mirrored ? torch.cat([read, read.flip(3)]) : read, torch.CPU);
        // Before it is rounded to a byte, a value may lie so near the middle of two that the last bit of a sum decides: few differ by one.
        var levels = (Run(preprocessing, pictures, mirrored, folderSize) - expected).abs() * 255 * 0.229;
        var share = levels.gt(0.05).to(torch.float64).mean().item<double>();
        Assert.True(levels.max().item<float>() < 1.1 && share < 0.002, $"{share:P3} of the values, by {levels.max().item<float>():0.000}");
    }

    [Theory]
    [InlineData(41, 60)]
    [InlineData(60, 41)]
    [InlineData(40, 43)]
    public void Should_AddTheMirrorImages_When_ViewsAreMirrored(int height, int width)
    {
        var preprocessing = new Preprocessing(32);
        var pictures = Pictures.Make(2, height, width);
        var expected = preprocessing.Apply(torch.cat([pictures, pictures.flip(3)]), torch.CPU);
        Assert.InRange(Pictures.Difference(Run(preprocessing, pictures, mirrored: true), expected), 0, Tolerance);
    }

    [Fact]
    public void Should_NotLookAtIt_When_ThereIsAFourthChannel()
    {
        var preprocessing = new Preprocessing(16);
        var pictures = Pictures.Make(1, 20, 30);
        var path = Write(preprocessing, mirrored: false);
        using var model = new OnnxModel(path);
        var alpha = torch.full([1, 20, 30, 1], 99, torch.uint8);
        var four = torch.cat([Pictures.ChannelsLast(pictures), alpha], 3);
        Assert.Equal(model.Run("normalised", Pictures.ChannelsLast(pictures)), model.Run("normalised", four));
    }

    [Fact]
    public void Should_NameTheType_When_ANormalisationCannotBeExported()
    {
        var preprocessing = new Preprocessing(8) { Normalisation = new Halved() };
        var error = Assert.Throws<FewShotException>(() => Write(preprocessing, mirrored: false));
        Assert.Contains(nameof(Halved), error.Message, StringComparison.Ordinal);
    }

    private torch.Tensor Run(Preprocessing preprocessing, torch.Tensor pictures, bool mirrored, int? folderSize = null)
    {
        using var model = new OnnxModel(Write(preprocessing, mirrored, folderSize));
        return model.Run("normalised", Pictures.ChannelsLast(pictures));
    }

    private string Write(Preprocessing preprocessing, bool mirrored, int? folderSize = null)
    {
        var graph = new OnnxGraph("preprocessing");
        var images = graph.Input(
            "images",
            TensorProto.Types.DataType.Uint8,
            OnnxGraph.Any("N"),
            OnnxGraph.Any("height"),
            OnnxGraph.Any("width"),
            OnnxGraph.Any("channels"));
        var value = PreprocessingLayers.Add(graph, preprocessing, images, mirrored, folderSize);
        var side = OnnxGraph.Exactly(preprocessing.Size);
        graph.Output(value, TensorProto.Types.DataType.Float, OnnxGraph.Any("rows"), OnnxGraph.Exactly(3), side, side);
        var path = folder.At("model.onnx");
        graph.Write(path, "pixels", new Dictionary<string, string>());
        return path;
    }

    private sealed record Halved : Normalisation
    {
        public override string Key => "halved";

        public override torch.Tensor Apply(torch.Tensor images) => images / 2;
    }
}
