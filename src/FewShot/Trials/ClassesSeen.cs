using FewShot.Runtime;

namespace FewShot.Trials;

/// <summary>
/// The classes of a set that something was trained or chosen on: what is judged later must have others. Where the images are at hand, the
/// test images are compared with them, too.
/// </summary>
public sealed class ClassesSeen
{
    private readonly HashSet<string> names;

    private ClassesSeen(string set, IReadOnlyList<string> classNames, IReadOnlySet<UInt128>? hashes)
    {
        if (classNames.Count == 0)
            throw new FewShotException($"{set}: classes that were seen need names; found none.");
        (Set, Hashes) = (set, hashes);
        names = new HashSet<string>(classNames, StringComparer.Ordinal);
    }

    /// <summary>The name of the set.</summary>
    public string Set { get; }

    /// <summary>Number of classes.</summary>
    public int Count => names.Count;

    internal IReadOnlySet<UInt128>? Hashes { get; }

    /// <summary>The classes and images of a set.</summary>
    /// <param name="set">It stays the caller's, and is not needed afterwards.</param>
    public static ClassesSeen In(ILabelledSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return new ClassesSeen(set.Name, set.ClassNames, set.ExampleHashes().ToHashSet());
    }

    /// <summary>Classes whose images are not at hand.</summary>
    /// <param name="set">What they are called together: "CIFAR-FS train".</param>
    /// <param name="classNames">At least one, named as in the set that is judged.</param>
    /// <exception cref="FewShotException">There is no class.</exception>
    public static ClassesSeen Named(string set, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        return new ClassesSeen(set, classNames, hashes: null);
    }

    /// <summary>Those of some classes that are among the seen ones.</summary>
    internal IReadOnlyList<string> Common(IEnumerable<string> classNames) => [.. classNames.Where(names.Contains)];

    /// <summary>"64 classes of CIFAR-FS train".</summary>
    public override string ToString() => $"{Count} {(Count == 1 ? "class" : "classes")} of {Set}";
}
