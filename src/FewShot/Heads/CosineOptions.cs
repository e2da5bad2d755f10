using FewShot.Runtime;

namespace FewShot.Heads;

/// <summary>
/// How <see cref="EpisodeCosine"/> and <see cref="CosineHead"/> are trained. The defaults are those of the authors' code, save for three
/// things: every step sees all examples (there batches of 4, in random order), it starts at the class means (there at random numbers), and
/// the vectors have length 1 as in the paper (there each class learns a length too).
/// </summary>
public sealed record CosineOptions
{
    /// <summary>What the cosines are multiplied by to become scores, above 0.</summary>
    public double Scale { get; init; } = 10;

    /// <summary>Steps of gradient descent, at least 0; without any the classes stay at their means.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>How far a step goes, above 0.</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>Share of the last step's gradient in the next one's, from 0 to below 1; the new gradient has the rest.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Refuses what is out of range.</summary>
    internal void Check()
    {
        if (!(Scale > 0) || Steps < 0 || !(LearningRate > 0) || Momentum is not (>= 0 and < 1))
        {
            throw new FewShotException(
                "A cosine head needs scale and learning rate above 0, at least 0 steps and a momentum from 0 to below 1; "
                + $"found {Scale}, {LearningRate}, {Steps} and {Momentum}.");
        }
    }
}
