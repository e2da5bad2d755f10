using FewShot.Course;
using FewShot.Data;
using FewShot.Tests.Data;
using FewShot.Transfer;

namespace FewShot.Tests.Transfer;

/// <summary>With the real backbone, whose features depend a little on how many images pass it together.</summary>
public sealed class PackagedClassifierTests : IClassFixture<PackagedClassifierTests.Material>
{
    private readonly Material material;

    public PackagedClassifierTests(Material fixture) => material = fixture;

    [Fact]
    public void Should_EqualARefit_When_AClassIsAddedAndRemoved()
    {
        using var folder = new TemporaryFolder();
        var root = SampleFolder.Write(material.Photos, perClass: 3, folder.At("photos"));
        using var whole = Train(root);
        string[] files = [.. Directory.GetFiles(root, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        var expected = Probabilities(whole, files);
        var (last, moved) = (Path.Combine(root, whole.ClassNames[1]), folder.At("moved"));
        Directory.Move(last, moved);
        using var changed = Train(root);
        changed.Add(whole.ClassNames[1], Directory.GetFiles(moved));
        Directory.Move(moved, last);
        Assert.Equal(expected, Probabilities(changed, files), (a, b) => Math.Abs(a - b) <= 1e-6);
    }

    [Fact]
    public void Should_OpenTheBackboneOfTheBuild_When_NoneIsGiven()
    {
        using var folder = new TemporaryFolder();
        var root = SampleFolder.Write(material.Photos, perClass: 2, folder.At("photos"));
        using (var classifier = Classifier.Train(root, new() { Size = 64 }))
            classifier.Save(folder.At("pets.fewshot"));
        using var loaded = Classifier.Load(folder.At("pets.fewshot"));
        Assert.Contains("20-layer ResNet", loaded.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(loaded.Classify(Directory.GetFiles(root, "*.png", SearchOption.AllDirectories)[0]).Top);
    }

    private Classifier Train(string root) => Classifier.Train(root, new() { Size = 64 }, material.Backbone);

    private static double[] Probabilities(Classifier classifier, string[] files) =>
    [
        .. classifier.Classify(files, top: 99).SelectMany(answer =>
            answer.Top.OrderBy(entry => entry.ClassName, StringComparer.Ordinal).Select(entry => entry.Probability)),
    ];

    /// <summary>Read once for all tests of this class.</summary>
    public sealed class Material : IDisposable
    {
        public Material()
        {
            var (train, test) = Shapes.TenClassProblem();
            Photos = train.SelectClasses([.. train.ClassNames.Take(4)]);
            train.Dispose();
            test.Dispose();
        }

        public ImageSet Photos { get; }

        public ClassifierBackbone Backbone { get; } = ClassifierBackbone.Packaged();

        public void Dispose()
        {
            Photos.Dispose();
            Backbone.Network.Dispose();
        }
    }
}
