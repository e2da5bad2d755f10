using System.Diagnostics;
using System.Globalization;
using FewShot.Runtime;

namespace FewShot.Kernel.Commands;

/// <summary>Progress of a long command as plain lines, one every few seconds, so that a log stays readable.</summary>
internal sealed class TerminalProgress(TextWriter writer) : IProgress<StepProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private TimeSpan next;

    public void Report(StepProgress value)
    {
        if (clock.Elapsed < next)
            return;
        next = clock.Elapsed + Pause;
        var share = value.Total > 0 ? string.Create(CultureInfo.InvariantCulture, $" {value.Done:N0} of {value.Total:N0}") : string.Empty;
        var note = value.Note is null ? string.Empty : $" ({value.Note})";
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed:h\\:mm\\:ss} {value.Activity}{share}{note}"));
    }
}
