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
/// to judge with it. <see cref="Evaluator.Choose"/> makes one.
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

    /// <summary>All that were tried, with their accuracy; empty where no <see cref="Evaluator"/> tried them.</summary>
    public IReadOnlyList<(T Value, EpisodeAccuracy Accuracy)> Candidates { get; }

    /// <summary>"strength of the ridge: 1, the best of 5 on 16 classes of CIFAR-FS validation".</summary>
    public override string ToString()
    {
        if (MadeOn is null)
            return $"{Name}: {Value}, given beforehand";
        return Candidates.Count == 0
            ? $"{Name}: {Value}, chosen on {MadeOn}"
            : FormattableString.Invariant($"{Name}: {Value}, the best of {Candidates.Count} on {MadeOn}");
    }
}

/// <summary>Choices that no <see cref="Evaluator"/> made.</summary>
public static class Choice
{
    /// <summary>A value that was fixed before any accuracy was looked at: a paper's default.</summary>
    /// <param name="name">What it is: "strength of the ridge".</param>
    /// <param name="value">The value.</param>
    public static Choice<T> Given<T>(string name, T value) => new(name, value, madeOn: null, []);

    /// <summary>A value that other code chose by its accuracy: the checkpoint of a training.</summary>
    /// <param name="name">What it is: "checkpoint".</param>
    /// <param name="value">The value.</param>
    /// <param name="madeOn">The classes whose accuracy decided it.</param>
    public static Choice<T> Made<T>(string name, T value, ClassesSeen madeOn)
    {
        ArgumentNullException.ThrowIfNull(madeOn);
        return new Choice<T>(name, value, madeOn, []);
    }
}
