using System.Globalization;
using System.Runtime.InteropServices;

namespace FewShot.Kernel;

/// <summary>
/// Cells may use the world's cultures, and print numbers the same everywhere. .NET has the cultures from the system's ICU library, and on
/// Linux does not start without it, unless it is told to go without cultures.
/// </summary>
internal static class Cultures
{
    // The versions that .NET itself tries.
    private const int OldestIcu = 50, NewestIcu = 255;

    /// <summary>To be called before anything else, as .NET decides on its cultures when something first needs one.</summary>
    public static void Settle()
    {
        if (OperatingSystem.IsLinux() && !HasIcu())
            AppContext.SetSwitch("System.Globalization.Invariant", true);
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
    }

    private static bool HasIcu()
    {
        if (Environment.GetEnvironmentVariable("CLR_ICU_VERSION_OVERRIDE") is { Length: > 0 } chosen)
            return Loads(chosen);
        for (var version = OldestIcu; version <= NewestIcu; version++)
        {
            if (Loads(((uint)version).ToString(provider: null)))
                return true;
        }

        return false;
    }

    private static bool Loads(string version) =>
        NativeLibrary.TryLoad("libicuuc.so." + version, out _) && NativeLibrary.TryLoad("libicui18n.so." + version, out _);
}
