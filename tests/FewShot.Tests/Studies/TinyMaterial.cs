using FewShot.Course;
using FewShot.Data;
using FewShot.Models;
using FewShot.Studies;
using FewShot.Tests.Golden;

namespace FewShot.Tests.Studies;

/// <summary>A few generated images, a tiny backbone, and a study that takes seconds.</summary>
internal static class TinyMaterial
{
    /// <summary>Ten classes: 5 images of each to draw from, 2 of each to judge on.</summary>
    public static CourseMaterial Make()
    {
        var (train, test) = Shapes.TenClassProblem(trainPerClass: 5, testPerClass: 2);
        return new CourseMaterial(train, test, Pretrained(), "STAND-IN: a test.");
    }

    /// <summary>A small network with random weights: what is tested here is not how well it sees.</summary>
    private static PretrainedResNet Pretrained()
    {
        var path = Path.GetTempFileName();
        try
        {
            var options = new ResNetOptions { Name = "tiny ResNet", Widths = [16, 32, 32], Blocks = [1, 1, 1], Stem = ResNetStem.Cifar };
            Formula.Save(path, options);
            return PretrainedResNet.Read(path, options);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>The study's own recipes, at their least.</summary>
    public static SubsetStudyOptions Options { get; } = new()
    {
        PerClass = 4,
        Draws = 2,
        Folds = 2,
        Size = 16,
        LargerSize = 24,
        Logistic = new() { SquareRoot = true, Strengths = [0.1] },
        FineTuning = new SubsetStudyOptions().FineTuning with { FrozenGroups = 2, Epochs = 1, WarmUpSteps = 0 },
    };
}
