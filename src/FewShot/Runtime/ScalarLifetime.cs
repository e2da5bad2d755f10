using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FewShot.Runtime;

/// <summary>
/// Frees TorchSharp's numbers (<c>Scalar</c>) some seconds after their last use instead of at once. TorchSharp 0.107 passes a number to
/// libtorch as a bare pointer and keeps no reference to it during the call: a garbage collection that another thread begins in that moment
/// frees it, and the call fails ("Unknown scalar type", "Expected false to be true") or reads a wrong number. Any <c>a + b</c> passes one.
/// </summary>
/// <remarks>
/// To be removed when TorchSharp keeps its arguments alive; ScalarLifetimeTests then pass without it. See <see cref="NativeFunction"/> for
/// where it works.
/// </remarks>
internal static class ScalarLifetime
{
    // No call takes this long from receiving a number to reading it.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private static readonly Lock Gate = new();
    private static readonly Queue<(nint Scalar, long Since)> Waiting = new();
    // Referred to from here as long as the process lives, because native code holds their addresses.
    private static readonly Freeing Later = FreeLater;
    private static Freeing? free;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void Freeing(nint scalar);

    /// <summary>Begins; does nothing where this is not possible.</summary>
    /// <param name="library">TorchSharp's native library, before TorchSharp itself has used it.</param>
    public static void Extend(nint library)
    {
        var address = NativeFunction.Replace(library, "THSTorch_dispose_scalar", Marshal.GetFunctionPointerForDelegate(Later));
        if (address != 0)
            free = Marshal.GetDelegateForFunctionPointer<Freeing>(address);
    }

    private static void FreeLater(nint scalar)
    {
        var now = Stopwatch.GetTimestamp();
        lock (Gate)
        {
            Waiting.Enqueue((scalar, now));
            while (Stopwatch.GetElapsedTime(Waiting.Peek().Since, now) > Grace)
                free!(Waiting.Dequeue().Scalar);
        }
    }
}
