using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Data;

/// <summary>Labelled images of one size, held in memory as they are on disk.</summary>
public sealed class ImageSet : ILabelledSet, IDisposable
{
    private const int HashesAtOnce = 256;

    private readonly Lazy<string> digest;

    /// <summary>Takes ownership of both tensors.</summary>
    /// <param name="name">What it is, for outputs: "CIFAR-10 train".</param>
    /// <param name="images">uint8, N x C x H x W, on the CPU; N may be 0.</param>
    /// <param name="labels">int64, N, each from 0 to <paramref name="classNames"/>.Count - 1.</param>
    /// <param name="classNames">The name of each label.</param>
    /// <param name="isStandIn">True for generated images that stand in for real ones; every output that uses them says so.</param>
    /// <exception cref="FewShotException">Shapes, types or labels do not fit together, or two classes have one name.</exception>
    public ImageSet(string name, torch.Tensor images, torch.Tensor labels, IReadOnlyList<string> classNames, bool isStandIn = false)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classNames);
        if (images.dim() != 4 || images.dtype != torch.ScalarType.Byte)
        {
            throw new FewShotException(
                $"{name}: images must be uint8, N x C x H x W; found {images.dtype} with shape [{string.Join(", ", images.shape)}].");
        }

        if (labels.dim() != 1 || labels.dtype != torch.ScalarType.Int64 || labels.shape[0] != images.shape[0])
        {
            throw new FewShotException(
                $"{name}: labels must be int64, one per image ({images.shape[0]}); " +
                $"found {labels.dtype} with shape [{string.Join(", ", labels.shape)}].");
        }

        Runtime.ClassNames.Check(name, classNames);
        var values = labels.data<long>().ToArray();
        if (values.Any(label => label < 0 || label >= classNames.Count))
        {
            throw new FewShotException(
                $"{name}: label {values.First(label => label < 0 || label >= classNames.Count)} is outside 0..{classNames.Count - 1}.");
        }

        Name = name;
        Images = images.DetachFromDisposeScope();
        Labels = labels.DetachFromDisposeScope();
        LabelValues = values;
        ClassNames = classNames;
        IsStandIn = isStandIn;
        digest = new Lazy<string>(ComputeDigest);
    }

    /// <summary>What it is, for outputs.</summary>
    public string Name { get; }

    /// <summary>uint8, N x C x H x W, on the CPU.</summary>
    public torch.Tensor Images { get; }

    /// <summary>int64, N, on the CPU.</summary>
    public torch.Tensor Labels { get; }

    /// <summary>The labels as plain numbers.</summary>
    public IReadOnlyList<long> LabelValues { get; }

    /// <summary>The name of each label.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>True for generated images that stand in for real ones.</summary>
    public bool IsStandIn { get; }

    /// <summary>Number of images.</summary>
    public int Count => LabelValues.Count;

    /// <summary>Height in pixels.</summary>
    public int Height => (int)Images.shape[2];

    /// <summary>Width in pixels.</summary>
    public int Width => (int)Images.shape[3];

    /// <summary>SHA-256, in hexadecimal, over shape, pixels, labels and class names: equal for equal content.</summary>
    public string Digest => digest.Value;

    /// <summary>A new set of the images at these positions, in this order.</summary>
    /// <exception cref="FewShotException">A position is outside 0..Count-1.</exception>
    public ImageSet Select(IReadOnlyList<long> positions, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(positions);
        if (positions.Any(position => position < 0 || position >= Count))
        {
            throw new FewShotException(
                $"{Name}: position {positions.First(position => position < 0 || position >= Count)} is outside 0..{Count - 1}.");
        }

        using var scope = torch.NewDisposeScope();
        var index = torch.tensor(positions.ToArray(), torch.int64);
        return new ImageSet(
            name ?? Name,
            Images.index_select(0, index).MoveToOuterDisposeScope(),
            Labels.index_select(0, index).MoveToOuterDisposeScope(),
            ClassNames,
            IsStandIn);
    }

    /// <inheritdoc/>
    public UInt128[] ExampleHashes()
    {
        using var scope = torch.NewDisposeScope();
        var hashes = new UInt128[Count];
        var shape = MemoryMarshal.AsBytes<long>(Images.shape[1..]).ToArray();
        var size = (int)Images.shape[1..].Aggregate(1L, (product, side) => product * side);
        var input = new byte[shape.Length + size];
        shape.CopyTo(input, 0);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        for (var start = 0; start < hashes.Length; start += HashesAtOnce)
        {
            using var inner = torch.NewDisposeScope();
            var count = Math.Min(HashesAtOnce, hashes.Length - start);
            var bytes = Images.narrow(0, start, count).contiguous().data<byte>().ToArray();
            for (var i = 0; i < count; i++)
            {
                Array.Copy(bytes, i * size, input, shape.Length, size);
                _ = SHA256.HashData(input, hash);
                hashes[start + i] = MemoryMarshal.Read<UInt128>(hash);
            }
        }

        return hashes;
    }

    /// <summary>
    /// A new set of the images of these classes alone, in the order of this set; the classes are numbered in the order given.
    /// </summary>
    /// <exception cref="FewShotException">There is no such class, or one is given twice.</exception>
    public ImageSet SelectClasses(IReadOnlyList<string> classNames, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        var rank = Runtime.ClassNames.Ranks(Name, ClassNames, classNames);
        long[] positions = [.. LabelValues.Index().Where(entry => rank.ContainsKey(entry.Item)).Select(entry => (long)entry.Index)];
        using var scope = torch.NewDisposeScope();
        var images = Images.index_select(0, torch.tensor(positions, torch.int64));
        var labels = torch.tensor(positions.Select(position => rank[LabelValues[(int)position]]).ToArray(), torch.int64);
        return new ImageSet(name ?? Name, images, labels, classNames, IsStandIn);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }

    private string ComputeDigest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[8];
        foreach (var value in Images.shape.Concat(LabelValues))
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
            hash.AppendData(number);
        }

        hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', ClassNames)));
        for (var start = 0; start < Count; start += 1024)
        {
            using var scope = torch.NewDisposeScope();
            hash.AppendData(Images.narrow(0, start, Math.Min(1024, Count - start)).contiguous().data<byte>().ToArray());
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
