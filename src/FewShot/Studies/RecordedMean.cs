using FewShot.Evaluation;

namespace FewShot.Studies;

/// <summary>A mean with its interval among the results of a record: under a name, and under the name with ", low" and ", high".</summary>
internal static class RecordedMean
{
    public static void Put(Dictionary<string, double> results, string name, double mean, Interval interval)
    {
        results[name] = mean;
        results[Low(name)] = interval.Low;
        results[High(name)] = interval.High;
    }

    /// <summary>What <see cref="Put"/> wrote; null where it is not there whole.</summary>
    public static (double Mean, Interval Interval)? Find(IReadOnlyDictionary<string, double> results, string name) =>
        results.TryGetValue(name, out var mean)
            && results.TryGetValue(Low(name), out var low)
            && results.TryGetValue(High(name), out var high)
            ? (mean, new Interval(low, high))
            : null;

    private static string Low(string name) => name + ", low";

    private static string High(string name) => name + ", high";
}
