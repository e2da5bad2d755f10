namespace FewShot.Trials;

/// <summary>What a method has seen before it is judged: every trial asks for it, so that nobody forgets to say.</summary>
public sealed record MethodHistory
{
    /// <summary>Nothing was trained, and nothing chosen.</summary>
    public static MethodHistory Nothing { get; } = new();

    /// <summary>The sets that its weights were trained on.</summary>
    public IReadOnlyList<ClassesSeen> TrainedOn { get; init; } = [];

    /// <summary>Every setting that was decided by an accuracy, checkpoints included.</summary>
    public IReadOnlyList<IChoice> Choices { get; init; } = [];

    /// <summary>
    /// What its weights were trained on elsewhere, whose classes are not known here: "ImageNet". Nobody can check it then, and the result
    /// says so.
    /// </summary>
    public string? TrainedElsewhere { get; init; }
}
