using FewShot.Episodes;
using FewShot.Models;
using TorchSharp;

namespace FewShot.Meta;

/// <summary>
/// How many tasks are computed together. On a CPU more tasks share the cost of starting an operation, until their intermediate values
/// overflow the cache; and every thread gets its share of the chunks. On a GPU as many as fit well into its memory.
/// </summary>
internal static class ChunkPlan
{
    // So many intermediate values of one forward pass fit into the cache. For Conv4 on two cores this gives chunks of 8 tasks with 10
    // images each, or of 2 tasks with 50: of the sizes from 1 to 16 the fastest.
    private const long ValuesInCache = 1_700_000;
    private const long ValuesWorthAThread = 200_000;
    private const long ValuesOnGpu = 100_000_000;

    public static int Size(IFunctionalModel model, TaskBatch tasks, torch.Device device, int? asked)
    {
        if (asked is { } size)
            return Math.Min(size, tasks.Count);
        var onCpu = device.type == DeviceType.CPU;
        var perTask = model.ValuesPerExample * (tasks.SupportCount + tasks.QueryCount);
        var most = Math.Clamp((onCpu ? ValuesInCache : ValuesOnGpu) / perTask, 1, tasks.Count);
        var chunks = (tasks.Count + most - 1) / most;
        var threads = onCpu ? torch.get_num_threads() : 1;
        if (tasks.Count * perTask >= threads * ValuesWorthAThread)
            chunks = (chunks + threads - 1) / threads * threads;
        return (int)Math.Max(1, (tasks.Count + chunks - 1) / chunks);
    }
}
