using FewShot.Data;
using FewShot.Models;
using FewShot.Runtime;

namespace FewShot.Course;

/// <summary>The ImageNet networks that the course can stand on.</summary>
public enum CourseBackbone
{
    /// <summary>The network of 20 layers that the package restore brings: the same bytes for every reader. The default.</summary>
    ImageNet20,

    /// <summary>torchvision's ResNet-18, from the data folder or its publisher.</summary>
    ResNet18,
}

/// <summary>Reads the choice from the environment, and opens it.</summary>
public static class CourseBackbones
{
    /// <summary>The variable that names the backbone: <c>imagenet20</c> or <c>resnet18</c>.</summary>
    public const string Variable = "FEWSHOT_BACKBONE";

    /// <summary>The backbone asked for, or <see cref="CourseBackbone.ImageNet20"/>.</summary>
    /// <exception cref="FewShotException">The variable holds another word.</exception>
    public static CourseBackbone Current => Environment.GetEnvironmentVariable(Variable)?.Trim().ToLowerInvariant() switch
    {
        null or "" or "imagenet20" => CourseBackbone.ImageNet20,
        "resnet18" => CourseBackbone.ResNet18,
        var other => throw new FewShotException($"{Variable} is '{other}': use imagenet20 or resnet18."),
    };

    /// <summary>Reads the weights of <see cref="Current"/>, downloaded where they must and may be.</summary>
    /// <param name="progress">Told of a download.</param>
    /// <param name="cancellation">Stops a download; what has come is kept for the next time.</param>
    /// <returns>The network, to be frozen; the caller's.</returns>
    /// <exception cref="FewShotException">The weights cannot be had, or are damaged.</exception>
    public static Task<PretrainedResNet> OpenAsync(
        IProgress<StepProgress>? progress = null, CancellationToken cancellation = default) =>
        OpenAsync(Current, DataFolder.Default, progress, cancellation);

    /// <summary>Reads the weights, downloaded where they must and may be.</summary>
    /// <param name="backbone">Which network.</param>
    /// <param name="folder">Where the weights of <see cref="CourseBackbone.ResNet18"/> are looked for.</param>
    /// <param name="progress">Told of a download.</param>
    /// <param name="cancellation">Stops a download; what has come is kept for the next time.</param>
    /// <exception cref="FewShotException">The weights cannot be had, or are damaged.</exception>
    internal static async Task<PretrainedResNet> OpenAsync(
        CourseBackbone backbone, DataFolder folder, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        if (backbone == CourseBackbone.ImageNet20)
            return PretrainedResNet.Packaged();
        var weights = await folder.TryResNet18WeightsAsync(progress, cancellation);
        return PretrainedResNet.TorchvisionResNet18(
            weights.Path ?? throw new FewShotException(
                $"{weights.Sentence} Without it, unset {Variable}: the default backbone comes with the build."));
    }
}
