using System.Security.Cryptography;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.SafeTensors;

/// <summary>
/// A file of the safetensors format (Hugging Face, <c>huggingface/safetensors</c>): eight bytes of header length, a JSON header of names,
/// dtypes, shapes and offsets, then the values. A file is data only: nothing in it is ever run. Owns its tensors.
/// </summary>
public sealed class TensorFile : IDisposable
{
    private TensorFile(
        string path, IReadOnlyDictionary<string, torch.Tensor> tensors, IReadOnlyDictionary<string, string> metadata, string digest) =>
        (Path, Tensors, Metadata, Digest) = (path, tensors, metadata, digest);

    /// <summary>The file that was read.</summary>
    public string Path { get; }

    /// <summary>The tensors by name, contiguous, on the CPU.</summary>
    public IReadOnlyDictionary<string, torch.Tensor> Tensors { get; }

    /// <summary>The free text in the file's header; empty where it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>SHA-256 of the whole file, in lower-case hexadecimal.</summary>
    public string Digest { get; }

    /// <summary>Reads a whole file; every bound is checked before anything is allocated.</summary>
    /// <returns>The tensors, on the CPU, the metadata and the file's digest; dispose it.</returns>
    /// <exception cref="FewShotException">The file is missing, cut short, or not what the format allows.</exception>
    public static TensorFile Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Torch.Load();
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var header = TensorHeader.Read(stream, path, hash);
            var tensors = new Dictionary<string, torch.Tensor>(header.Entries.Count, StringComparer.Ordinal);
            try
            {
                foreach (var entry in header.Entries)
                    tensors.Add(entry.Name, ReadValues(stream, path, entry, hash));
            }
            catch
            {
                foreach (var tensor in tensors.Values)
                    tensor.Dispose();
                throw;
            }

            return new TensorFile(path, tensors, header.Metadata, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FewShotException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes a file beside its place and renames it.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="tensors">Any device and layout; written row by row (contiguous), in alphabetical order of name.</param>
    /// <param name="metadata">Free text by name, kept in the header.</param>
    /// <exception cref="FewShotException">A name or dtype that the format does not have.</exception>
    public static void Write(
        string path, IReadOnlyDictionary<string, torch.Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        var header = TensorHeader.Of(path, tensors, metadata);
        AtomicFile.Write(path, stream =>
        {
            header.Write(stream, path);
            foreach (var entry in header.Entries)
            {
                using var scope = torch.NewDisposeScope();
                using var noGradient = torch.no_grad();
                stream.Write(tensors[entry.Name].detach().cpu().contiguous().bytes);
            }
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors.Values)
            tensor.Dispose();
    }

    private static torch.Tensor ReadValues(Stream stream, string path, TensorEntry entry, IncrementalHash hash)
    {
        var tensor = torch.empty(entry.Shape, entry.Type.Dtype).DetachFromDisposeScope();
        try
        {
            var bytes = entry.Count == 0 ? [] : tensor.bytes;
            stream.ReadExactly(bytes);
            hash.AppendData(bytes);
            // Any other byte in a C++ bool is undefined behaviour.
            if (entry.Type.Dtype == torch.ScalarType.Bool && bytes.ContainsAnyExceptInRange((byte)0, (byte)1))
                throw new FewShotException($"{path}: '{entry.Name}' holds a BOOL that is neither 0 nor 1.");
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }
}
