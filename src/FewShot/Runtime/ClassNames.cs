namespace FewShot.Runtime;

/// <summary>Checks of the names of classes, in the order of their labels.</summary>
internal static class ClassNames
{
    private const int NamesShown = 5;

    /// <summary>Refuses names by which two classes cannot be told apart.</summary>
    /// <param name="owner">What has the classes, for the message.</param>
    /// <param name="names">The name of each label.</param>
    /// <exception cref="FewShotException">A name is empty, or stands for two classes.</exception>
    public static void Check(string owner, IReadOnlyList<string> names)
    {
        var fault = names
            .GroupBy(name => name, StringComparer.Ordinal)
            .FirstOrDefault(group => group.Count() > 1 || string.IsNullOrWhiteSpace(group.Key));
        if (fault is not null)
            throw new FewShotException($"{owner}: each class needs a name of its own; '{fault.Key}' is the name of {fault.Count()}.");
    }

    /// <summary>How two lists of names differ, in words; null where they are equal.</summary>
    public static string? Difference(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        if (first.SequenceEqual(second, StringComparer.Ordinal))
            return null;
        var (missing, added) = (first.Except(second).ToList(), second.Except(first).ToList());
        if (missing.Count + added.Count > 0)
            return $"only the first has {Listed(missing)}, only the second {Listed(added)}";
        var place = first.Zip(second).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"they are the same in another order: class {place} is '{first[place]}' in the first and '{second[place]}' in the second";
    }

    /// <summary>The new number of each old one, where classes are chosen and numbered in the order of the choice.</summary>
    /// <param name="owner">What has the classes, for the message.</param>
    /// <param name="known">The name of each old number.</param>
    /// <param name="chosen">The name of each new number.</param>
    /// <exception cref="FewShotException">There is no such class, or one is given twice.</exception>
    public static Dictionary<long, long> Ranks(string owner, IReadOnlyList<string> known, IReadOnlyList<string> chosen)
    {
        var numbers = known.Index().ToDictionary(entry => entry.Item, entry => (long)entry.Index, StringComparer.Ordinal);
        var ranks = new Dictionary<long, long>();
        foreach (var (rank, name) in chosen.Index())
        {
            if (!numbers.TryGetValue(name, out var number))
                throw new FewShotException($"{owner} has no class '{name}'.");
            if (!ranks.TryAdd(number, rank))
                throw new FewShotException($"{owner}: class '{name}' is asked for twice.");
        }

        return ranks;
    }

    private static string Listed(List<string> names) => names.Count == 0
        ? "none"
        : string.Join(", ", names.Take(NamesShown).Select(name => $"'{name}'"))
            + (names.Count > NamesShown ? $" and {names.Count - NamesShown} more" : string.Empty);
}
