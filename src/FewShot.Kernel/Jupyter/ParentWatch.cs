using System.Diagnostics;
using System.Globalization;

namespace FewShot.Kernel.Jupyter;

/// <summary>Notices the end of the process that started the kernel: without it nobody would ever tell the kernel to end.</summary>
internal static class ParentWatch
{
    /// <summary>Jupyter puts its process id here; on Windows a handle, which is left alone.</summary>
    public const string Variable = "JPY_PARENT_PID";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Ends when the process named by <see cref="Variable"/> has ended; never where none is named that can be seen from here.
    /// </summary>
    public static async Task ParentEnded()
    {
        using var parent = Find();
        if (parent is null)
            await Task.Delay(Timeout.Infinite);
        while (parent is { HasExited: false })
            await Task.Delay(Pause);
    }

    private static Process? Find()
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        if (OperatingSystem.IsWindows() || !int.TryParse(named, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return null;
        try
        {
            return Process.GetProcessById(id);
        }
        catch (ArgumentException)
        {
            // A number of another machine or container, which was passed on with the rest of the environment.
            return null;
        }
    }
}
