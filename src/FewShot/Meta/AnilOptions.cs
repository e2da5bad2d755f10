namespace FewShot.Meta;

/// <summary>Settings of <see cref="Anil"/>.</summary>
public sealed record AnilOptions : DescentOptions
{
    /// <summary>The defaults, which are those of <see cref="MamlOptions"/>.</summary>
    public AnilOptions() => EvaluationSteps = 10;

    /// <summary>Learning rate of an inner step.</summary>
    public double InnerLearningRate { get; init; } = 0.01;

    internal override void Check()
    {
        base.Check();
        CheckRate(InnerLearningRate);
    }
}
