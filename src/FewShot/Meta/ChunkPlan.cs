using FewShot.Episodes;
using FewShot.Models;
using TorchSharp;

namespace FewShot.Meta;

/// <summary>
/// How many tasks are computed together. On a CPU as many as keep their intermediate values in the cache: beyond that, each operation of a
/// pass waits for memory. On a GPU as many as fit well into its memory.
/// </summary>
internal static class ChunkPlan
{
    // Intermediate values of one forward pass; a second-order step keeps about ten times as many.
    private const long ValuesInCache = 100_000;
    private const long ValuesOnGpu = 100_000_000;

    public static int Size(IFunctionalModel model, TaskBatch tasks, torch.Device device, int? asked)
    {
        if (asked is { } size)
            return Math.Min(size, tasks.Count);
        var perTask = model.ValuesPerExample * (tasks.SupportCount + tasks.QueryCount);
        return (int)Math.Clamp((device.type == DeviceType.CPU ? ValuesInCache : ValuesOnGpu) / perTask, 1, tasks.Count);
    }
}
