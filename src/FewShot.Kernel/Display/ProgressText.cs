using System.Globalization;
using FewShot.Runtime;

namespace FewShot.Kernel.Display;

/// <summary>A step's progress in a few words.</summary>
internal static class ProgressText
{
    public static string Of(StepProgress step) => string.Create(
        CultureInfo.InvariantCulture,
        $"{step.Activity}: {step.Done:N0}{(step.Total > 0 ? $"/{step.Total:N0}" : string.Empty)}"
        + $"{(step.Note is null ? string.Empty : $" ({step.Note})")}");
}
