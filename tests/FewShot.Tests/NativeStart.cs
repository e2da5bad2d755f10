using System.Runtime.CompilerServices;
using FewShot.Runtime;

namespace FewShot.Tests;

internal static class NativeStart
{
    // A test may touch TorchSharp before it touches the library.
    [ModuleInitializer]
    internal static void Load()
    {
        QuietThreads.Set();
        Torch.Load();
    }
}
