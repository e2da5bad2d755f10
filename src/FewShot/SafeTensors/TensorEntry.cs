namespace FewShot.SafeTensors;

/// <summary>One tensor of a header: <paramref name="Begin"/> is in bytes after the header.</summary>
internal sealed record TensorEntry(string Name, TensorType Type, long[] Shape, long Count, long Begin)
{
    /// <summary>The most bytes one tensor may take: what one span of memory can hold.</summary>
    public const long MaximumBytes = int.MaxValue;

    public long End => Begin + (Count * Type.Size);
}
