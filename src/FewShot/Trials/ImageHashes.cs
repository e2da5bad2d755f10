using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FewShot.Data;

namespace FewShot.Trials;

/// <summary>A number for the pixels of each image of a set: images with equal numbers are equal, bit for bit.</summary>
internal static class ImageHashes
{
    /// <summary>128 bits of the SHA-256 of each image's shape and bytes.</summary>
    public static UInt128[] Of(ImageSet set)
    {
        var hashes = new UInt128[set.Count];
        var shape = MemoryMarshal.AsBytes<long>(set.Images.shape[1..]).ToArray();
        var size = (int)set.Images.shape[1..].Aggregate(1L, (product, side) => product * side);
        var input = new byte[shape.Length + size];
        shape.CopyTo(input, 0);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        for (var i = 0; i < hashes.Length; i++)
        {
            using var image = set.Images[i].contiguous();
            image.data<byte>().ToArray().CopyTo(input, shape.Length);
            _ = SHA256.HashData(input, hash);
            hashes[i] = MemoryMarshal.Read<UInt128>(hash);
        }

        return hashes;
    }
}
