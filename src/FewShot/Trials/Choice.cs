using FewShot.Evaluation;

namespace FewShot.Trials;

/// <summary>A setting of a method that was decided, and on whose classes.</summary>
public interface IChoice
{
    /// <summary>What was chosen: "strength of the ridge".</summary>
    string Name { get; }

    /// <summary>The classes whose accuracy decided it; null where no accuracy was looked at.</summary>
    ClassesSeen? MadeOn { get; }
}

/// <summary>
/// A value that was chosen by its accuracy on some classes, and remembers which: an <see cref="Evaluator"/> over the same classes refuses
/// to judge with it. Only <see cref="Evaluator.Choose"/> makes one from accuracies.
/// </summary>
/// <typeparam name="T">Of the value.</typeparam>
public sealed class Choice<T> : IChoice
{
    internal Choice(string name, T value, ClassesSeen? madeOn, IReadOnlyList<(T Value, EpisodeAccuracy Accuracy)> candidates)
    {
        (Name, Value, MadeOn, Candidates) = (name, value, madeOn, candidates);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>What was chosen.</summary>
    public T Value { get; }

    /// <inheritdoc/>
    public ClassesSeen? MadeOn { get; }

    /// <summary>All that were tried, with their accuracy; empty where the value was given.</summary>
    public IReadOnlyList<(T Value, EpisodeAccuracy Accuracy)> Candidates { get; }

    /// <summary>"strength of the ridge: 1, the best of 5 on 16 classes of CIFAR-FS validation".</summary>
    public override string ToString() => MadeOn is null
        ? $"{Name}: {Value}, given beforehand"
        : FormattableString.Invariant($"{Name}: {Value}, the best of {Candidates.Count} on {MadeOn}");
}

/// <summary>Makes choices that no accuracy decided.</summary>
public static class Choice
{
    /// <summary>A value that was fixed before any accuracy was looked at: a paper's default.</summary>
    /// <param name="name">What it is: "strength of the ridge".</param>
    /// <param name="value">The value.</param>
    public static Choice<T> Given<T>(string name, T value) => new(name, value, madeOn: null, []);
}
