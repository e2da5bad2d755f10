using FewShot.Data;
using FewShot.Studies;

namespace FewShot.Tests.Studies;

/// <summary>A few generated images, the stand-in backbone, and a study that takes seconds.</summary>
internal static class TinyMaterial
{
    /// <summary>Ten classes: 5 images of each to draw from, 2 of each to judge on.</summary>
    public static CourseMaterial Make()
    {
        var (train, test) = Shapes.TenClassProblem(trainPerClass: 5, testPerClass: 2);
        return new CourseMaterial(
            train, test, Path.Combine(StandInBackbone.Folder, StandInBackbone.WeightsFile), StandInBackbone.Options, StandInBackbone.Preprocessing, "STAND-IN: a test.");
    }

    /// <summary>The study's own recipes, at their least.</summary>
    public static SubsetStudyOptions Options { get; } = new()
    {
        PerClass = 2,
        Draws = 2,
        ValidationPerClass = 2,
        FineTuning = new SubsetStudyOptions().FineTuning with { Epochs = 1, WarmUpSteps = 0 },
    };
}
