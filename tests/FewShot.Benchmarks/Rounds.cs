using System.Diagnostics;

namespace FewShot.Benchmarks;

/// <summary>Measures two ways in turns, so that whatever else the machine does meets both alike.</summary>
internal static class Rounds
{
    /// <summary>One unmeasured round, then <paramref name="count"/> rounds in which the first to go alternates.</summary>
    /// <param name="count">Rounds measured.</param>
    /// <param name="ours">Does the work once and gives its seconds.</param>
    /// <param name="theirs">The same for the peer.</param>
    public static IReadOnlyList<(double Ours, double Theirs)> Measure(int count, Func<double> ours, Func<double> theirs)
    {
        _ = ours();
        _ = theirs();
        var rounds = new List<(double Ours, double Theirs)>(count);
        for (var round = 0; round < count; round++)
        {
            var first = round % 2 == 0 ? ours() : theirs();
            var second = round % 2 == 0 ? theirs() : ours();
            rounds.Add(round % 2 == 0 ? (first, second) : (second, first));
        }

        return rounds;
    }

    /// <summary>Seconds that <paramref name="work"/> takes.</summary>
    public static double Seconds(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The middle value; the mean of the middle two of an even number.</summary>
    public static double Median(this IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
