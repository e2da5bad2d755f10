using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FewShot.Tests;

/// <summary>
/// Lets OpenMP's threads sleep while they wait for work. The test projects run side by side and start kernels and notebooks in further
/// processes: threads that spin while they wait would take the cores from all of these. Every test project compiles this file.
/// </summary>
internal static class QuietThreads
{
    private const string Variable = "OMP_WAIT_POLICY", Passive = "PASSIVE";

    [ModuleInitializer]
    internal static void Set()
    {
        // This sets the variable for the programs that tests start.
        Environment.SetEnvironmentVariable(Variable, Passive);
        // libtorch in this process asks the C library for the variable, and not .NET.
        if (OperatingSystem.IsLinux())
            _ = SetEnvironment(Bytes(Variable), Bytes(Passive), 1);
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.ASCII.GetBytes(text + '\0');

    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SetEnvironment(byte[] name, byte[] value, int overwrite);
}
