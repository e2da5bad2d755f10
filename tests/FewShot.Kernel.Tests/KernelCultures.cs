using System.Runtime.CompilerServices;

namespace FewShot.Kernel.Tests;

/// <summary>The cultures of this process are those of the kernel's.</summary>
internal static class KernelCultures
{
    [ModuleInitializer]
    internal static void Set() => Cultures.Settle();
}
