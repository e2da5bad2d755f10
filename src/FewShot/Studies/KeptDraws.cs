using System.Diagnostics;
using System.Globalization;
using FewShot.Evaluation;
using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>The accuracies of a row of a table, one for each draw, each kept as soon as it is there.</summary>
internal static class KeptDraws
{
    /// <summary>Judges the draws that are not kept yet.</summary>
    /// <param name="path">Where they are kept.</param>
    /// <param name="name">What the row is.</param>
    /// <param name="draws">How many.</param>
    /// <param name="judge">Learns from a draw and judges it.</param>
    /// <param name="progress">Told of each draw.</param>
    /// <param name="cancel">Stops before the next draw.</param>
    /// <returns>A record whose results are the accuracies by <see cref="SubsetStudyResult.DrawName"/>, and whose seconds are those of
    /// all draws in it.</returns>
    public static RunRecord Complete(
        string path, string name, int draws, Func<int, Accuracy> judge, IProgress<StepProgress> progress, CancellationToken cancel) =>
        Complete(path, name, draws, judge, accuracy => accuracy.Value, progress, cancel);

    /// <summary>The same of any number, such as the place of what was chosen.</summary>
    /// <inheritdoc cref="Complete"/>
    /// <param name="path"/><param name="name"/><param name="draws"/><param name="judge"/><param name="progress"/><param name="cancel"/>
    public static RunRecord CompleteValues(
        string path, string name, int draws, Func<int, int> judge, IProgress<StepProgress> progress, CancellationToken cancel) =>
        Complete(path, name, draws, judge, value => value, progress, cancel);

    private static RunRecord Complete<T>(
        string path,
        string name,
        int draws,
        Func<int, T> judge,
        Func<T, double> number,
        IProgress<StepProgress> progress,
        CancellationToken cancel)
    {
        var row = File.Exists(path) ? RunRecord.Read(path) : RunRecord.Capture(name);
        for (var draw = 0; draw < draws; draw++)
        {
            var key = SubsetStudyResult.DrawName(draw);
            if (row.Results.ContainsKey(key))
                continue;
            cancel.ThrowIfCancellationRequested();
            var clock = Stopwatch.StartNew();
            var found = judge(draw);
            row = row with
            {
                Seconds = row.Seconds + clock.Elapsed.TotalSeconds,
                Results = row.Results.Append(new(key, number(found))).ToDictionary(),
            };
            new KeptFile(path, "The study goes on, and computes the draw again the next time.").Write(row.Write);
            progress.Report(new StepProgress(row.Name, draw + 1, draws, string.Create(CultureInfo.InvariantCulture, $"{found}")));
        }

        return row;
    }
}
