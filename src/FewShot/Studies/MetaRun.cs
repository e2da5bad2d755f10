using System.Diagnostics;
using System.Globalization;
using FewShot.Meta;
using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>
/// A training that may be stopped by the clock and gone on with: its checkpoint, and the seconds of all its parts together.
/// </summary>
internal static class MetaRun
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>Trains until the end or the limit, then puts the best weights by validation into the learner.</summary>
    /// <param name="trainer">The training. Nothing in it may depend on the limit.</param>
    /// <param name="checkpoint">The file of the checkpoint: where it exists, the training goes on from it.</param>
    /// <param name="limit">The longest this call may train, or null.</param>
    /// <param name="progress">Told of every iteration.</param>
    /// <param name="cancel">Stops, with the checkpoint written; the caller gets no result then.</param>
    /// <returns>Seconds of training, earlier calls on this checkpoint included.</returns>
    public static double Train(
        MetaTrainer trainer, string checkpoint, TimeSpan? limit, IProgress<StepProgress> progress, CancellationToken cancel)
    {
        using var clock = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (limit is { } longest)
            clock.CancelAfter(longest);
        var timed = new Timed(checkpoint, progress);
        try
        {
            _ = trainer.Run(checkpoint, timed, clock.Token);
        }
        catch (OperationCanceledException) when (clock.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            trainer.TakeBest();
        }
        finally
        {
            timed.Write();
        }

        return timed.Seconds;
    }

    /// <summary>Keeps the seconds beside the checkpoint; where a training was killed they count what had to be done again, too.</summary>
    private sealed class Timed : IProgress<StepProgress>
    {
        private readonly KeptFile kept;
        private readonly IProgress<StepProgress> next;
        private readonly double before;
        private readonly Stopwatch clock = Stopwatch.StartNew();
        private TimeSpan due = Pause;

        public Timed(string checkpoint, IProgress<StepProgress> next)
        {
            var path = checkpoint + ".seconds";
            kept = new KeptFile(path, "Of a training that is stopped, the seconds so far are lost.");
            this.next = next;
            if (File.Exists(checkpoint) && File.Exists(path))
            {
                before = double.TryParse(File.ReadAllText(path), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
                    ? seconds
                    : throw new FewShotException($"{path} should hold a number of seconds: delete it and {checkpoint} to start afresh.");
            }
        }

        public double Seconds => before + clock.Elapsed.TotalSeconds;

        public void Report(StepProgress value)
        {
            next.Report(value);
            if (clock.Elapsed < due)
                return;
            due = clock.Elapsed + Pause;
            Write();
        }

        public void Write() => kept.Write(file => AtomicFile.WriteText(file, Seconds.ToString(CultureInfo.InvariantCulture)));
    }
}
