using FewShot.Data;
using FewShot.Runtime;

namespace FewShot.Kernel.Commands;

/// <summary>The drawings that commands train and judge on.</summary>
internal static class OmniglotFiles
{
    /// <summary>Omniglot in the Vinyals split with four rotations; the caller's.</summary>
    /// <exception cref="FewShotException">It cannot be had; the message says why.</exception>
    public static ClassSplit Split(CancellationToken cancellation)
    {
        var found = DataFolder.Default.TryOmniglotAsync(cancellation: cancellation).GetAwaiter().GetResult();
        using var all = Omniglot.Load(found.Path ?? throw new FewShotException(found.Sentence));
        return Omniglot.Split(all);
    }
}
