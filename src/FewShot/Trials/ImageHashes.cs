using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FewShot.Data;
using TorchSharp;

namespace FewShot.Trials;

/// <summary>A number for the pixels of each image of a set: images with equal numbers are equal, bit for bit.</summary>
internal static class ImageHashes
{
    private const int ChunkSize = 256;

    /// <summary>128 bits of the SHA-256 of each image's shape and bytes.</summary>
    public static UInt128[] Of(ImageSet set)
    {
        using var scope = torch.NewDisposeScope();
        var hashes = new UInt128[set.Count];
        var shape = MemoryMarshal.AsBytes<long>(set.Images.shape[1..]).ToArray();
        var size = (int)set.Images.shape[1..].Aggregate(1L, (product, side) => product * side);
        var input = new byte[shape.Length + size];
        shape.CopyTo(input, 0);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        for (var start = 0; start < hashes.Length; start += ChunkSize)
        {
            using var inner = torch.NewDisposeScope();
            var count = Math.Min(ChunkSize, hashes.Length - start);
            var bytes = set.Images.narrow(0, start, count).contiguous().data<byte>().ToArray();
            for (var i = 0; i < count; i++)
            {
                Array.Copy(bytes, i * size, input, shape.Length, size);
                _ = SHA256.HashData(input, hash);
                hashes[start + i] = MemoryMarshal.Read<UInt128>(hash);
            }
        }

        return hashes;
    }
}
