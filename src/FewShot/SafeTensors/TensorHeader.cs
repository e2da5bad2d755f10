using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.SafeTensors;

/// <summary>The JSON header: tensors in the order of their bytes, which cover the rest of the file without hole or overlap.</summary>
internal sealed record TensorHeader(IReadOnlyList<TensorEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The format's own limit on the header, in bytes.</summary>
    public const long MaximumBytes = 100_000_000;

    private const string MetadataName = "__metadata__";
    private const int MaximumDimensions = 64; // libtorch's own limit.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    public static TensorHeader Read(Stream stream, string path, IncrementalHash hash)
    {
        if (stream.Length < 8)
            throw Bad(path, $"is {stream.Length} bytes long, too short for a safetensors file");
        Span<byte> prefix = stackalloc byte[8];
        stream.ReadExactly(prefix);
        hash.AppendData(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaximumBytes)
            throw Bad(path, $"says that its header is {length} bytes long; the format allows {MaximumBytes}. It is no safetensors file");
        if ((long)length > stream.Length - 8)
            throw Bad(path, $"says that its header is {length} bytes long, and only {stream.Length - 8} follow: the file was cut short");
        var bytes = new byte[(int)length];
        stream.ReadExactly(bytes);
        hash.AppendData(bytes);
        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            return Parse(document.RootElement, path, stream.Length - 8 - bytes.Length);
        }
        // System.Text.Json throws InvalidOperationException where a string that is asked for is not UTF-8.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FewShotException($"{path}: the header is not the JSON that safetensors asks for: {e.Message}", e);
        }
    }

    public static TensorHeader Of(
        string path, IReadOnlyDictionary<string, torch.Tensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var entries = new List<TensorEntry>(tensors.Count);
        var position = 0L;
        foreach (var (name, tensor) in tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var type = TensorType.All.FirstOrDefault(known => known.Dtype == tensor.dtype)
                ?? throw Bad(path, $"cannot hold '{name}' of type {tensor.dtype}; the format has {TensorType.Names}");
            if (name == MetadataName)
                throw Bad(path, $"cannot hold a tensor named '{name}': the format keeps that name for itself");
            var entry = new TensorEntry(name, type, tensor.shape, tensor.numel(), position);
            if (entry.End - entry.Begin > TensorEntry.MaximumBytes)
                throw Bad(path, $"cannot hold '{name}' of {entry.End - entry.Begin} bytes; at most {TensorEntry.MaximumBytes} a tensor");
            entries.Add(entry);
            position = entry.End;
        }

        return new TensorHeader(entries, metadata ?? new Dictionary<string, string>());
    }

    public void Write(Stream stream, string path)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (Metadata.Count > 0)
            {
                json.WriteStartObject(MetadataName);
                foreach (var (name, text) in Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                    json.WriteString(name, text);
                json.WriteEndObject();
            }

            foreach (var entry in Entries)
                WriteEntry(json, entry);
            json.WriteEndObject();
        }

        // Spaces up to a multiple of eight, as the format advises, so that values can be mapped in place.
        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        if (buffer.Length > MaximumBytes)
            throw Bad(path, $"would need a header of {buffer.Length} bytes; the format allows {MaximumBytes}");
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, buffer.Length);
        stream.Write(prefix);
        buffer.WriteTo(stream);
    }

    private static void WriteEntry(Utf8JsonWriter json, TensorEntry entry)
    {
        json.WriteStartObject(entry.Name);
        json.WriteString("dtype", entry.Type.Name);
        WriteNumbers(json, "shape", entry.Shape);
        WriteNumbers(json, "data_offsets", [entry.Begin, entry.End]);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, long[] numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static TensorHeader Parse(JsonElement root, string path, long dataBytes)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw Bad(path, $"has a header that is {root.ValueKind}, not an object");
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var entries = new List<TensorEntry>();
        foreach (var property in root.EnumerateObject())
        {
            if (property.Name == MetadataName)
            {
                foreach (var text in Members(property.Value, path, MetadataName))
                    metadata.Add(text.Name, Text(text.Value, path, $"{MetadataName}.{text.Name}"));
            }
            else
            {
                entries.Add(ParseEntry(property, path, dataBytes));
            }
        }

        entries.Sort((left, right) => (left.Begin, left.End).CompareTo((right.Begin, right.End)));
        var position = 0L;
        foreach (var entry in entries)
        {
            if (entry.Begin != position)
            {
                throw Bad(
                    path,
                    $"'{entry.Name}' begins at byte {entry.Begin} of the values, where {position} was due: " +
                    "tensors overlap or leave a hole");
            }

            position = entry.End;
        }

        return position == dataBytes
            ? new TensorHeader(entries, metadata)
            : throw Bad(
                path, $"its header describes {position} bytes of values, and {dataBytes} follow it: the file was cut short or is damaged");
    }

    private static TensorEntry ParseEntry(JsonProperty property, string path, long dataBytes)
    {
        var name = property.Name;
        var fields = Members(property.Value, path, name).ToDictionary(field => field.Name, field => field.Value);
        JsonElement Field(string field) => fields.TryGetValue(field, out var value) ? value : throw Bad(path, $"'{name}' has no {field}");
        var typeName = Text(Field("dtype"), path, $"{name}.dtype");
        var type = TensorType.All.FirstOrDefault(known => known.Name == typeName)
            ?? throw Bad(path, $"'{name}' has dtype {typeName}; this reader knows {TensorType.Names}");
        var shape = Numbers(Field("shape"), path, $"{name}.shape");
        var offsets = Numbers(Field("data_offsets"), path, $"{name}.data_offsets");
        if (shape.Length > MaximumDimensions)
            throw Bad(path, $"'{name}' has {shape.Length} dimensions; at most {MaximumDimensions}");
        if (offsets.Length != 2 || offsets[0] > offsets[1] || offsets[1] > dataBytes)
        {
            throw Bad(
                path,
                $"'{name}' has data_offsets [{string.Join(", ", offsets)}]; " +
                $"a begin and an end inside the {dataBytes} bytes of values are due");
        }

        if (offsets[1] - offsets[0] > TensorEntry.MaximumBytes)
        {
            throw Bad(
                path, $"'{name}' takes {offsets[1] - offsets[0]} bytes; this reader takes at most {TensorEntry.MaximumBytes} a tensor");
        }

        var count = Product(shape);
        if (count is null || count > (offsets[1] - offsets[0]) / type.Size || count * type.Size != offsets[1] - offsets[0])
        {
            throw Bad(
                path,
                $"'{name}' is {typeName} with shape [{string.Join(", ", shape)}], " +
                $"which does not take the {offsets[1] - offsets[0]} bytes of its data_offsets");
        }

        return new TensorEntry(name, type, shape, count.Value, offsets[0]);
    }

    /// <summary>The number of values, or null beyond 64 bits (sizes whose product overflows are refused even beside a zero).</summary>
    private static long? Product(long[] shape)
    {
        var product = 1L;
        var nonZero = 1L;
        foreach (var size in shape)
        {
            product = unchecked(product * size);
            if (size != 0 && nonZero > long.MaxValue / size)
                return null;
            nonZero *= Math.Max(1, size);
        }

        return product;
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement value, string path, string name) =>
        value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject()
            : throw Bad(path, $"'{name}' is {value.ValueKind}, not an object");

    private static string Text(JsonElement value, string path, string name) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Bad(path, $"'{name}' is {value.ValueKind}, not text");

    private static long[] Numbers(JsonElement value, string path, string name)
    {
        if (value.ValueKind != JsonValueKind.Array)
            throw Bad(path, $"'{name}' is {value.ValueKind}, not a list of numbers");
        return
        [
            .. value.EnumerateArray().Select(item =>
                item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out var number) && number >= 0
                    ? number
                    : throw Bad(path, $"'{name}' holds {item}, which is not a whole number from 0 to 2^63 - 1")),
        ];
    }

    private static FewShotException Bad(string path, string fault) => new($"{path}: {fault}.");
}
