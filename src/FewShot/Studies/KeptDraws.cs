using System.Diagnostics;
using FewShot.Evaluation;
using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>One recipe on several draws of the labels, each kept in a file once it is judged: a stopped study goes on there.</summary>
internal static class KeptDraws
{
    /// <summary>Judges the draws that the file does not hold yet.</summary>
    /// <param name="path">The file of this recipe; made where missing.</param>
    /// <param name="name">What the row is called, for progress.</param>
    /// <param name="draws">How many draws; they are numbered from 0.</param>
    /// <param name="judge">Fits the recipe to a draw and judges it.</param>
    /// <param name="progress">Told of each draw.</param>
    /// <param name="cancel">Stops before the next draw.</param>
    /// <returns>The accuracy of each draw under <see cref="SubsetStudyResult.DrawName"/>, and the seconds of all.</returns>
    /// <exception cref="FewShotException">The file is damaged.</exception>
    public static RunRecord Of(
        string path, string name, int draws, Func<int, Accuracy> judge, IProgress<StepProgress> progress, CancellationToken cancel)
    {
        var row = File.Exists(path) ? RunRecord.Read(path) : RunRecord.Capture(name);
        for (var draw = 0; draw < draws; draw++)
        {
            if (row.Results.ContainsKey(SubsetStudyResult.DrawName(draw)))
                continue;
            cancel.ThrowIfCancellationRequested();
            var clock = Stopwatch.StartNew();
            var accuracy = judge(draw);
            row = row with
            {
                Seconds = row.Seconds + clock.Elapsed.TotalSeconds,
                Results = row.Results.Append(new(SubsetStudyResult.DrawName(draw), accuracy.Value)).ToDictionary(),
            };
            new KeptFile(path, "The study goes on, and computes the draw again the next time.").Write(row.Write);
            progress.Report(new StepProgress(row.Name, draw + 1, draws, accuracy.ToString()));
        }

        return row;
    }
}
