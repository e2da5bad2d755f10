namespace FewShot.Runtime;

/// <summary>Chooses as many of each class from a list of labels.</summary>
internal static class ClassDraw
{
    /// <summary>So many of each class that occurs.</summary>
    /// <param name="positions">What may be chosen.</param>
    /// <param name="labels">The label of each position.</param>
    /// <param name="perClass">How many of each, at least 1.</param>
    /// <param name="bringToFront">Orders the positions of a class, ascending before, so that the chosen ones come first.</param>
    /// <param name="tooFew">The error where a class, by its label, has only so many.</param>
    /// <returns>Positions in ascending order.</returns>
    public static long[] Choose(
        IEnumerable<long> positions,
        IReadOnlyList<long> labels,
        int perClass,
        Action<long[], long> bringToFront,
        Func<long, int, FewShotException> tooFew)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perClass, 1);
        var chosen = new List<long>();
        foreach (var group in positions.GroupBy(position => labels[(int)position]))
        {
            var items = group.Order().ToArray();
            if (items.Length < perClass)
                throw tooFew(group.Key, items.Length);
            bringToFront(items, group.Key);
            chosen.AddRange(items.Take(perClass));
        }

        return chosen.Order().ToArray();
    }
}
