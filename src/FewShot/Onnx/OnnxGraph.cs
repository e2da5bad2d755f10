using System.Globalization;
using System.Runtime.InteropServices;
using FewShot.Runtime;
using Google.Protobuf;
using Onnx;
using TorchSharp;
using DataType = Onnx.TensorProto.Types.DataType;
using Dimension = Onnx.TensorShapeProto.Types.Dimension;

namespace FewShot.Onnx;

/// <summary>
/// An ONNX graph in the making: nodes in the order of their computation, weights inside the file. Every name is used once.
/// </summary>
internal sealed class OnnxGraph
{
    /// <summary>The set of operators: the first one whose Resize averages where an image shrinks.</summary>
    public const long Opset = 18;

    /// <summary>The version of the file format that came with <see cref="Opset"/> (ONNX 1.13).</summary>
    private const long FormatVersion = 8;

    private readonly GraphProto graph = new();
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    /// <summary>A graph without nodes.</summary>
    /// <param name="name">What it is called in programs that draw it.</param>
    public OnnxGraph(string name) => graph.Name = name;

    /// <summary>A side of a shape that the caller chooses.</summary>
    /// <param name="name">Equal names mean equal sides.</param>
    public static Dimension Any(string name) => new() { DimParam = name };

    /// <summary>A side of a shape that is fixed.</summary>
    public static Dimension Exactly(long size) => new() { DimValue = size };

    /// <summary>What the graph is fed with.</summary>
    /// <returns>The name.</returns>
    public string Input(string name, DataType type, params Dimension[] shape)
    {
        graph.Input.Add(Described(Unique(name), type, shape));
        return name;
    }

    /// <summary>Makes a value that a node computed an output of the graph.</summary>
    public void Output(string value, DataType type, params Dimension[] shape) =>
        graph.Output.Add(Described(value, type, shape));

    /// <summary>Computes one value from others.</summary>
    /// <param name="operation">The operator of ONNX's own set.</param>
    /// <param name="name">Of the node and of its value; a number follows where the name is taken.</param>
    /// <param name="inputs">Values in the operator's order; an empty text where an optional one is left out.</param>
    /// <param name="attributes">The operator's settings.</param>
    /// <returns>The name of the value.</returns>
    public string Add(string operation, string name, IReadOnlyList<string> inputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = operation, Name = Unique(name) };
        node.Input.Add(inputs);
        node.Output.Add(node.Name);
        node.Attribute.Add(attributes);
        graph.Node.Add(node);
        return node.Name;
    }

    /// <summary>Weights, as float32.</summary>
    /// <returns>The name of the value.</returns>
    public string Weights(string name, torch.Tensor values)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var plain = values.detach().to(torch.float32).cpu().contiguous();
        return Raw(name, DataType.Float, plain.shape, plain.bytes);
    }

    /// <summary>One number for all places, float32.</summary>
    /// <returns>The name of the value.</returns>
    public string Number(string name, double value) =>
        Raw(name, DataType.Float, [], MemoryMarshal.AsBytes([(float)value]));

    /// <summary>Whole numbers, such as axes and sizes.</summary>
    /// <returns>The name of the value.</returns>
    public string Integers(string name, params long[] values) =>
        Raw(name, DataType.Int64, [values.Length], MemoryMarshal.AsBytes<long>(values));

    /// <summary>Texts.</summary>
    /// <returns>The name of the value.</returns>
    public string Texts(string name, IReadOnlyList<string> values)
    {
        var tensor = new TensorProto { Name = Unique(name), DataType = (int)DataType.String };
        tensor.Dims.Add(values.Count);
        tensor.StringData.Add(values.Select(ByteString.CopyFromUtf8));
        graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    /// <summary>A setting of whole numbers.</summary>
    public static AttributeProto Setting(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.Add(values);
        return attribute;
    }

    /// <summary>A setting of one whole number.</summary>
    public static AttributeProto Flag(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    /// <summary>A setting in words.</summary>
    public static AttributeProto Word(string name, string value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    /// <summary>Writes the model, whole or not at all.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="description">For people: what goes in and what comes out.</param>
    /// <param name="metadata">For programs: texts under their names.</param>
    /// <exception cref="FewShotException">The file cannot be written.</exception>
    public void Write(string path, string description, IReadOnlyDictionary<string, string> metadata)
    {
        var model = new ModelProto
        {
            IrVersion = FormatVersion,
            ProducerName = nameof(FewShot),
            ProducerVersion = BuildStamp.Version,
            DocString = description,
            Graph = graph,
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = Opset });
        model.MetadataProps.Add(metadata
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
        AtomicFile.Write(path, model.WriteTo);
    }

    private string Raw(string name, DataType type, long[] shape, ReadOnlySpan<byte> bytes)
    {
        // The format wants little-endian bytes, which is how every processor that libtorch runs on keeps them.
        var tensor = new TensorProto { Name = Unique(name), DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.Add(shape);
        graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private string Unique(string name)
    {
        var unique = name;
        for (var count = 2; !names.Add(unique); count++)
            unique = string.Create(CultureInfo.InvariantCulture, $"{name}_{count}");
        return unique;
    }

    private static ValueInfoProto Described(string name, DataType type, Dimension[] shape)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = new TensorShapeProto() };
        tensor.Shape.Dim.Add(shape);
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
