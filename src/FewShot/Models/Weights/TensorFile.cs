using TorchSharp;

namespace FewShot.Models.Weights;

/// <summary>What a safetensors file held. Owns its tensors.</summary>
public sealed class TensorFile : IDisposable
{
    internal TensorFile(string path, IReadOnlyDictionary<string, torch.Tensor> tensors, IReadOnlyDictionary<string, string> metadata, string digest)
    {
        Path = path;
        Tensors = tensors;
        Metadata = metadata;
        Digest = digest;
    }

    /// <summary>The file that was read.</summary>
    public string Path { get; }

    /// <summary>The tensors by name, contiguous, on the CPU.</summary>
    public IReadOnlyDictionary<string, torch.Tensor> Tensors { get; }

    /// <summary>The free text in the file's header; empty where it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>SHA-256 of the whole file, in lower-case hexadecimal.</summary>
    public string Digest { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors.Values)
            tensor.Dispose();
    }
}
