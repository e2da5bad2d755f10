using FewShot.Runtime;

namespace FewShot.Kernel.Commands;

/// <summary>Runs a command so that what is wrong with the call is one line and the exit status 1.</summary>
internal static class Guard
{
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
}
