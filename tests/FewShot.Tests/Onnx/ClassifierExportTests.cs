using System.Text.Json;
using FewShot.Data;
using FewShot.Heads;
using FewShot.Models;
using FewShot.Onnx;
using FewShot.Runtime;
using FewShot.Tests.Data;
using FewShot.Tests.Golden;
using FewShot.Tests.Transfer;
using FewShot.Transfer;
using FewShot.Vision;
using Onnx;
using TorchSharp;

namespace FewShot.Tests.Onnx;

public sealed class ClassifierExportTests : IClassFixture<ClassifierExportTests.Course>, IDisposable
{
    private static readonly string[] Names = ["cat", "Dachs", "\u0445\u043e\u0440\u044c\u043a\u0438"];

    private readonly Course course;
    private readonly DisposeScope scope = torch.NewDisposeScope();
    private readonly TemporaryFolder folder = new();

    public ClassifierExportTests(Course course) => this.course = course;

    private string ModelPath => folder.At("model.onnx");

    public void Dispose()
    {
        folder.Dispose();
        scope.Dispose();
    }

    [Theory]
    [InlineData(157, 233)]
    [InlineData(301, 121)]
    [InlineData(32, 32)]
    public void Should_GiveOurProbabilities_When_ThePictureHasAnySize(int height, int width)
    {
        var pictures = Pictures.Make(2, height, width);
        foreach (var mirrored in new[] { false, true })
        {
            var options = new OnnxClassifierOptions { Temperature = 0.2, Mirrored = mirrored };
            OnnxExport.Classifier(course.Backbone, course.Preprocessing, course.Head, ModelPath, options);
            using var model = new OnnxModel(ModelPath);
            var input = Pictures.ChannelsLast(pictures);
            var features = Features(pictures, mirrored);
            var scores = course.Head.Scores(features);
            Assert.InRange(Pictures.Difference(model.Run("features", input), features), 0, 1e-4);
            Assert.InRange(Pictures.Difference(model.Run("scores", input), scores), 0, 1e-4);
            Assert.InRange(Pictures.Difference(model.Run("probabilities", input), (scores / 0.2).softmax(1)), 0, 1e-4);
        }
    }

    [Fact]
    public void Should_GiveTheNetworksProbabilities_When_ItIsFineTuned()
    {
        using var network = Small();
        OnnxExport.Classifier(network, new Preprocessing(32), ModelPath);
        using var model = new OnnxModel(ModelPath);
        var pictures = Pictures.Make(2, 45, 70);
        using var noGradient = torch.no_grad();
        var expected = network.call(new Preprocessing(32).Apply(pictures, Torch.Device)).softmax(1).cpu();
        Assert.InRange(Pictures.Difference(model.Run("probabilities", Pictures.ChannelsLast(pictures)), expected), 0, 1e-4);
        Assert.Equal(Names, model.Run<string>("classes", Pictures.ChannelsLast(pictures)));
    }

    [Fact]
    public void Should_SayWhatItIs_When_ItsMetadataAreRead()
    {
        OnnxExport.Classifier(course.Backbone, course.Preprocessing, course.Head, ModelPath);
        using var model = new OnnxModel(ModelPath);
        Assert.Equal(Names, JsonSerializer.Deserialize<string[]>(model.Metadata["classes"]));
        Assert.Equal(course.Backbone.WeightsDigest, model.Metadata["backbone"]);
        Assert.Equal(course.Preprocessing.Key, model.Metadata["preprocessing"]);
        Assert.Equal("FewShot", model.Producer);
    }

    [Fact]
    public void Should_RefuseTheUnlike_When_ThereIsAThreshold()
    {
        var pictures = Pictures.Make(3, 64, 80);
        var largest = course.Head.Scores(Features(pictures, mirrored: false)).amax([1]).data<float>().ToArray();
        var threshold = (largest.Order().First() + largest.Order().ElementAt(1)) / 2.0;
        OnnxExport.Classifier(course.Backbone, course.Preprocessing, course.Head, ModelPath, new() { Threshold = threshold });
        using var model = new OnnxModel(ModelPath);
        Assert.Equal(largest.Select(score => score >= threshold), model.Run<bool>("known", Pictures.ChannelsLast(pictures)));
    }

    [Fact]
    public void Should_HaveOpset18AndUniqueNames_When_TheFileIsParsed()
    {
        OnnxExport.Classifier(course.Backbone, course.Preprocessing, course.Head, ModelPath, new() { Mirrored = true, Threshold = 0 });
        var file = ModelProto.Parser.ParseFrom(File.ReadAllBytes(ModelPath));
        Assert.Equal(18, Assert.Single(file.OpsetImport).Version);
        Assert.Equal(8, file.IrVersion);
        string[] names =
        [
            .. file.Graph.Input.Select(value => value.Name),
            .. file.Graph.Initializer.Select(tensor => tensor.Name),
            .. file.Graph.Node.SelectMany(node => node.Output),
        ];
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(file.Graph.Node.SelectMany(node => node.Input).Where(name => name.Length > 0), name => Assert.Contains(name, names));
        Assert.Equal(["N", "height", "width", "channels"], file.Graph.Input[0].Type.TensorType.Shape.Dim.Select(side => side.DimParam));
    }

    [Fact]
    public void Should_WriteTheSameBytes_When_ExportedTwice()
    {
        using var network = Small();
        OnnxExport.Classifier(network, new Preprocessing(32), ModelPath);
        OnnxExport.Classifier(network, new Preprocessing(32), folder.At("again.onnx"));
        Assert.Equal(File.ReadAllBytes(ModelPath), File.ReadAllBytes(folder.At("again.onnx")));
    }

    [Fact]
    public void Should_KeepNoTensor_When_AClassifierIsExported()
    {
        using var network = Small();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        OnnxExport.Classifier(network, new Preprocessing(32), ModelPath, new() { Mirrored = true });
        OnnxExport.Classifier(course.Backbone, course.Preprocessing, course.Head, ModelPath);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Should_Refuse_When_TheHeadIsOfAnotherPreprocessing() => Refuses(
        "preprocessing", course.Head, course.Preprocessing with { Size = 65 });

    [Fact]
    public void Should_Refuse_When_NobodySaidWhatTheClassesAre()
    {
        using var head = NearestCentroid.Fit(torch.rand(4, 512), torch.tensor(new long[] { 0, 1, 0, 1 }), 2);
        Refuses("names of its classes", head, course.Preprocessing);
        Refuses("2 outputs and 3 names", head, course.Preprocessing, new() { ClassNames = Names });
        Refuses("'a' is the name of 2", head, course.Preprocessing, new() { ClassNames = ["a", "a"] });
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(double.NaN, null)]
    [InlineData(double.PositiveInfinity, null)]
    [InlineData(1, double.NaN)]
    public void Should_Refuse_When_ANumberIsOutOfRange(double temperature, double? threshold) => Refuses(
        "finite", course.Head, course.Preprocessing, new() { Temperature = temperature, Threshold = threshold });

    private void Refuses(string word, IHead head, Preprocessing preprocessing, OnnxClassifierOptions? options = null)
    {
        var error = Assert.Throws<FewShotException>(
            () => OnnxExport.Classifier(course.Backbone, preprocessing, head, ModelPath, options));
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }

    private torch.Tensor Features(torch.Tensor pictures, bool mirrored)
    {
        torch.Tensor Of(torch.Tensor images) => course.Backbone.Features(course.Preprocessing.Apply(images, torch.CPU));
        return mirrored ? (Of(pictures) + Of(pictures.flip(3))) / 2 : Of(pictures);
    }

    private ResNet Small()
    {
        var options = new ResNetOptions { Stem = ResNetStem.Cifar, Widths = [8, 12], Blocks = [1, 1], Classes = 3, ClassNames = Names };
        Formula.Save(folder.At("weights.safetensors"), options);
        var network = ResNet.Load(folder.At("weights.safetensors"), options);
        _ = network.to(Torch.Device);
        return network;
    }

    /// <summary>The course's backbone with a head that knows its classes, made once for all tests of this class.</summary>
    public sealed class Course : IDisposable
    {
        public Course()
        {
            using var pretrained = PretrainedResNet.Packaged();
            Backbone = pretrained.Freeze(torch.CPU);
            Preprocessing = pretrained.Preprocessing with { Size = 64 };
            using ImageSet images = TinyImages.Make(9, classes: 3, names: Names);
            using var bank = FeatureBank.Extract(Backbone, images, Preprocessing);
            Head = NearestCentroid.Fit(bank, new() { Scaling = FeatureScaling.CentreAndNormalise });
        }

        public FrozenResNet Backbone { get; }

        public Preprocessing Preprocessing { get; }

        public NearestCentroid Head { get; }

        public void Dispose()
        {
            Backbone.Dispose();
            Head.Dispose();
        }
    }
}
