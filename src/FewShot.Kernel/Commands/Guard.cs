using System.CommandLine;
using FewShot.Runtime;

namespace FewShot.Kernel.Commands;

/// <summary>Runs a command so that what is wrong with the call is one line and the exit status 1.</summary>
internal static class Guard
{
    private const int StoppedStatus = 130;

    public static int Run(TextWriter errors, Func<int> action)
    {
        try
        {
            return action();
        }
        catch (FewShotException e)
        {
            errors.WriteLine(e.Message);
            return 1;
        }
    }

    /// <summary>
    /// The same for a long command: with progress, and off the calling thread, so that a signal to stop is heard while it computes.
    /// </summary>
    /// <param name="arguments">The call, which a record names.</param>
    /// <param name="stopped">What is said where it was stopped; the exit status is then 130.</param>
    /// <param name="cancellation">The signal.</param>
    /// <param name="action">The command.</param>
    /// <param name="errors">
    /// Takes errors and progress of a command whose standard output is for other programs to read; null for both standard streams.
    /// </param>
    public static Task<int> RunLong(
        ParseResult arguments, string stopped, CancellationToken cancellation, Func<int> action, TextWriter? errors = null) => Task.Run(
        () => Run(errors ?? Console.Error, () =>
        {
            try
            {
                CommandLine.Set(arguments.Tokens.Select(token => token.Value));
                ProgressSink.Current = new TerminalProgress(errors ?? Console.Out);
                return action();
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                (errors ?? Console.Error).WriteLine(stopped);
                return StoppedStatus;
            }
        }),
        CancellationToken.None);
}
