using System.Globalization;
using FewShot.Runtime;

namespace FewShot.Trials;

/// <summary>Whether the method has seen the classes, or the images, that it is asked about.</summary>
internal static class ClassesApart
{
    private const string Trained = "classes apart";
    private const string Chosen = "nothing chosen on the test classes";
    private const string Repeated = "no training examples in the test";
    private const int NamesShown = 3;

    public static LeakageFinding OfTraining(ILabelledSet test, MethodHistory history)
    {
        foreach (var seen in history.TrainedOn)
        {
            if (seen.Common(test.ClassNames) is { Count: > 0 } common)
            {
                return new LeakageFinding(
                    Trained, false, $"it was trained on {seen}, of which {test.Name} has {Listed(common)}",
                    "Judge on classes that the training did not see.");
            }
        }

        var elsewhere = history.TrainedElsewhere is { } weights ? $"; the classes of {weights} are not known here" : string.Empty;
        return new LeakageFinding(
            Trained, true,
            (history.TrainedOn.Count == 0 ? "no training on classes that are known" : $"none of {string.Join(", ", history.TrainedOn)}")
            + elsewhere);
    }

    public static LeakageFinding OfChoices(ILabelledSet test, MethodHistory history)
    {
        foreach (var choice in history.Choices)
        {
            if (choice.MadeOn?.Common(test.ClassNames) is { Count: > 0 } common)
            {
                return new LeakageFinding(
                    Chosen, false, $"{choice.Name} was chosen on {choice.MadeOn}, of which {test.Name} has {Listed(common)}",
                    "Choose on validation classes, and look at the test classes once.");
            }
        }

        var count = history.Choices.Count;
        return new LeakageFinding(
            Chosen, true, count == 0 ? "nothing was chosen" : $"{count} {(count == 1 ? "choice" : "choices")}, made on other classes");
    }

    public static LeakageFinding OfImages(ILabelledSet test, UInt128[] hashes, MethodHistory history, double tolerated)
    {
        var known = history.TrainedOn.Where(seen => seen.Hashes is not null).ToList();
        var repeated = hashes.Count(hash => known.Any(seen => seen.Hashes!.Contains(hash)));
        var found = known.Count == 0
            ? "no training examples at hand to compare with"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{repeated:N0} of {hashes.Length:N0} examples of {test.Name} equal a training example, bit for bit "
                + $"({tolerated:0.##%} are tolerated)");
        return repeated <= tolerated * hashes.Length
            ? new LeakageFinding(Repeated, true, found)
            : new LeakageFinding(
                Repeated, false, found, "Leave them out: DuplicateReport.Between finds them, and Remaining gives a set without them.");
    }

    private static string Listed(IReadOnlyList<string> names) => string.Join(", ", names.Take(NamesShown).Select(name => $"'{name}'"))
        + (names.Count > NamesShown ? $" and {names.Count - NamesShown} more" : string.Empty);
}
