namespace FewShot.Runtime;

/// <summary>
/// Where long work reports its progress unless a caller passes a receiver of its own. A terminal or a notebook host sets
/// <see cref="Current"/> once; by default reports are dropped.
/// </summary>
public static class ProgressSink
{
    private sealed class Silence : IProgress<StepProgress>
    {
        public void Report(StepProgress value)
        {
        }
    }

    private static IProgress<StepProgress> current = new Silence();

    /// <summary>The receiver; never null.</summary>
    /// <exception cref="ArgumentNullException">Set to null.</exception>
    public static IProgress<StepProgress> Current
    {
        get => current;
        set => current = value ?? throw new ArgumentNullException(nameof(value));
    }
}
