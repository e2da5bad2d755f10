using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FewShot.Runtime;

/// <summary>
/// Frees a tensor that the garbage collector found, and that nobody disposed, a little later instead of at once. TorchSharp 0.107 passes a
/// tensor to libtorch as a bare pointer and keeps no reference to it during the call: in <c>torch.ones(9).add(other)</c> outside of a
/// dispose scope nothing holds the tensor of ones any more, and a garbage collection during the addition frees it under libtorch's hands.
/// The process then ends without a word.
/// </summary>
/// <remarks>
/// What <c>Dispose</c> or a dispose scope frees is freed at once: its thread is not in a call that reads it. To be removed when TorchSharp
/// keeps its arguments alive; TensorLifetimeTests then pass without it. See <see cref="NativeFunction"/> for where it works.
/// </remarks>
internal static class TensorLifetime
{
    // Longer than nearly every call to libtorch, and short enough that a loop without scopes does not fill the memory.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private static readonly Lock Gate = new();
    private static readonly Queue<(nint Tensor, long Since)> Waiting = new();
    private static readonly Timer Clock = new(_ => FreeDue());
    // Referred to from here as long as the process lives, because native code holds its address.
    private static readonly Freeing InPlace = Free;
    private static int finalizerThread;
    private static Freeing? free;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void Freeing(nint tensor);

    /// <summary>Begins; does nothing where this is not possible.</summary>
    /// <param name="library">TorchSharp's native library, before TorchSharp itself has used it.</param>
    public static void Extend(nint library)
    {
        var address = NativeFunction.Replace(library, "THSTensor_dispose", Marshal.GetFunctionPointerForDelegate(InPlace));
        if (address == 0)
            return;
        free = Marshal.GetDelegateForFunctionPointer<Freeing>(address);
        // Its finalizer runs before those of all tensors that become garbage later. It is not waited for: where a static constructor
        // loads libtorch, the finalizer thread may wait for that constructor.
        MakeGarbage();
        GC.Collect(0, GCCollectionMode.Forced, blocking: true);
    }

    private static void Free(nint tensor)
    {
        if (Environment.CurrentManagedThreadId != finalizerThread)
        {
            free!(tensor);
            return;
        }

        lock (Gate)
        {
            Waiting.Enqueue((tensor, Stopwatch.GetTimestamp()));
            if (Waiting.Count == 1)
                _ = Clock.Change(Grace, Timeout.InfiniteTimeSpan);
        }
    }

    private static void FreeDue()
    {
        lock (Gate)
        {
            while (Waiting.TryPeek(out var first))
            {
                var left = Grace - Stopwatch.GetElapsedTime(first.Since);
                if (left > TimeSpan.Zero)
                {
                    _ = Clock.Change(left, Timeout.InfiniteTimeSpan);
                    return;
                }

                free!(Waiting.Dequeue().Tensor);
            }
        }
    }

    // A method of its own, so that no register of the caller still holds the object.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeGarbage() => _ = new Witness();

    private sealed class Witness
    {
        ~Witness() => finalizerThread = Environment.CurrentManagedThreadId;
    }
}
