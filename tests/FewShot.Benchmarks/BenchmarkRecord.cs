using FewShot.Data;
using FewShot.Runtime;

namespace FewShot.Benchmarks;

/// <summary>The record of a benchmark, from which the table in README.md is made.</summary>
internal static class BenchmarkRecord
{
    /// <summary>Where the course keeps it: <c>data/records/benchmark-NAME.json</c>.</summary>
    /// <exception cref="FewShotException">The program does not run inside a copy of the course.</exception>
    public static string PathOf(string benchmark) => Path.Combine(
        DataFolder.Locate(null, Environment.CurrentDirectory, AppContext.BaseDirectory), "records", $"benchmark-{benchmark}.json");

    /// <summary>The measurement with the machine, the versions and the command that repeats it.</summary>
    /// <param name="name">The benchmark's name on the command line.</param>
    /// <param name="measurement">What it found.</param>
    /// <param name="seconds">How long it took.</param>
    public static RunRecord Of(string name, Measurement measurement, double seconds) => RunRecord.Capture(name) with
    {
        Command = $"dotnet run -c Release --project tests/FewShot.Benchmarks -- {name} --record",
        Protocol = "Both sides do the same work in one run, taking turns, after one round that does not count; "
            + "a ratio is the median over the rounds.",
        Seconds = seconds,
        Options = RunRecord.OptionsFrom(new { measurement.Work, measurement.Rival, measurement.Rounds }),
        Results = measurement.Ratios,
    };
}
