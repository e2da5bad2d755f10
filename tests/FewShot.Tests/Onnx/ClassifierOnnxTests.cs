using System.Text.Json;
using FewShot.Data;
using TorchSharp;

namespace FewShot.Tests.Onnx;

public sealed class ClassifierOnnxTests(ExportedClassifier exported) : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Should_AnswerAsTheClassifier_When_PhotosHaveOddSizes()
    {
        var classifier = exported.Classifier;
        using var model = new OnnxModel(exported.ModelPath);
        foreach (var photo in exported.Photos)
        {
            var answer = classifier.Classify(photo, top: 3);
            var expected = classifier.ClassNames.Select(name => answer.Top.Single(entry => entry.ClassName == name).Probability);
            var input = Pictures.ChannelsLast(ImageFile.Read(photo, long.MaxValue).unsqueeze(0));
            var found = model.Run("probabilities", input);
            Assert.InRange(Pictures.Difference(found[0], torch.tensor(expected.ToArray(), torch.float32)), 0, 1e-4);
            Assert.Equal([answer.IsKnown], model.Run<bool>("known", input));
        }
    }

    [Fact]
    public void Should_CarryTheClassNames_When_Exported()
    {
        var classifier = exported.Classifier;
        using var model = new OnnxModel(exported.ModelPath);
        Assert.Equal(classifier.ClassNames, JsonSerializer.Deserialize<string[]>(model.Metadata["classes"]));
        Assert.Equal(classifier.Preprocessing.Key, model.Metadata["preprocessing"]);
    }
}
