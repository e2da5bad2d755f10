using System.Globalization;

namespace FewShot.Transfer;

/// <summary>A class, and how likely it is.</summary>
/// <param name="ClassName">The class.</param>
/// <param name="Probability">0 to 1; those of all classes add up to 1.</param>
public readonly record struct ClassProbability(string ClassName, double Probability)
{
    /// <summary>"cat 93 %".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ClassName} {100 * Probability:0} %");
}

/// <summary>What a <see cref="Classifier"/> says of one photo.</summary>
/// <param name="Name">The photo: its path, or its number.</param>
/// <param name="Top">The likeliest classes, likeliest first.</param>
/// <param name="IsKnown">
/// False where the photo resembles none of the classes as much as their own photos do: then it is refused, and <paramref name="Top"/> says
/// only what comes nearest.
/// </param>
public sealed record Classification(string Name, IReadOnlyList<ClassProbability> Top, bool IsKnown)
{
    /// <summary>The likeliest class, or null where the photo is refused.</summary>
    public string? ClassName => IsKnown ? Top[0].ClassName : null;

    /// <summary>"photo.jpg: cat 93 %, dog 5 %" or "photo.jpg: none of the classes; nearest are cat 93 %, dog 5 %".</summary>
    public override string ToString() =>
        $"{Name}: {(IsKnown ? string.Empty : "none of the classes; nearest are ")}{string.Join(", ", Top)}";
}
