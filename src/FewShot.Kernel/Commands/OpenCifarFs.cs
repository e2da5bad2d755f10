using FewShot.Data;
using FewShot.Runtime;

namespace FewShot.Kernel.Commands;

/// <summary>The images that commands on CIFAR-FS need: nothing stands in for them.</summary>
internal static class OpenCifarFs
{
    /// <summary>Finds or downloads CIFAR-FS, and says where it is.</summary>
    /// <param name="cancellation">Stops a download; what has come is kept for the next time.</param>
    /// <returns>Its three parts; the caller's.</returns>
    /// <exception cref="FewShotException">It is not there and cannot be had, or is damaged.</exception>
    public static ClassSplit Open(CancellationToken cancellation)
    {
        var found = DataFolder.Default.TryCifarFsAsync(cancellation: cancellation).GetAwaiter().GetResult();
        Console.WriteLine(found.Sentence);
        var folder = found.Path ?? throw new FewShotException("CIFAR-FS is needed: data/README.md says where it may lie.");
        return new ClassSplit(CifarFs.LoadTrain(folder), CifarFs.LoadValidation(folder), CifarFs.LoadTest(folder));
    }
}
