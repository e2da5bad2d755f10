using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FewShot.Kernel.Jupyter;

/// <summary>
/// Frames to messages and back (Jupyter messaging 5.4, "the wire protocol"): identities, a delimiter, a signature, then header, parent
/// header, metadata and content as JSON. What is not signed with the key, or was received before, is refused.
/// </summary>
/// <param name="key">The key of the connection file.</param>
internal sealed class MessageCodec(byte[] key)
{
    private const string ProtocolVersion = "5.4";
    private const int MostIdentities = 16;
    private const int Parts = 4; // Header, parent header, metadata, content.
    private const int LongestName = 256;

    // The number of signatures that are remembered, to recognise a repetition: as many as the Jupyter client remembers.
    private const int Remembered = 1 << 16;

    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();
    private static readonly byte[] EmptyObject = "{}"u8.ToArray();
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    private readonly string session = Guid.NewGuid().ToString();
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly Queue<string> order = new();
    private long sent;

    /// <summary>Checks and reads a message. Not to be called by two threads at a time.</summary>
    /// <exception cref="RefusedMessageException">The message is malformed, wrongly signed, or a repetition.</exception>
    public JupyterMessage Parse(IReadOnlyList<byte[]> frames)
    {
        var at = 0;
        while (at < frames.Count && !frames[at].AsSpan().SequenceEqual(Delimiter))
            at++;
        if (at > MostIdentities || at + 1 + Parts >= frames.Count)
            throw new RefusedMessageException("it has no delimiter, or too few parts after it");
        var signature = frames[at + 1];
        if (!CryptographicOperations.FixedTimeEquals(signature, Sign([.. frames.Skip(at + 2).Take(Parts)])))
            throw new RefusedMessageException("its signature is wrong");
        if (!Remember(Encoding.ASCII.GetString(signature)))
            throw new RefusedMessageException("it was received before");
        var header = Object(frames[at + 2], "header");
        _ = Object(frames[at + 3], "parent header");
        return new JupyterMessage(
            [.. frames.Take(at)],
            frames[at + 2],
            Name(header, "msg_id"),
            Name(header, "msg_type"),
            Object(frames[at + 4], "metadata"),
            Object(frames[at + 5], "content"));
    }

    /// <summary>A message's frames. May be called by any thread.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="content">What it says.</param>
    /// <param name="parent">The header of the message that led to it; null for none.</param>
    /// <param name="identities">The receiver, or the topic.</param>
    public List<byte[]> Write(string type, JsonObject content, byte[]? parent, IEnumerable<byte[]> identities)
    {
        var header = new JsonObject
        {
            ["msg_id"] = string.Create(CultureInfo.InvariantCulture, $"{session}_{Interlocked.Increment(ref sent)}"),
            ["session"] = session,
            ["username"] = "kernel",
            ["date"] = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture),
            ["msg_type"] = type,
            ["version"] = ProtocolVersion,
        };
        byte[][] parts =
        [
            JsonSerializer.SerializeToUtf8Bytes(header),
            parent ?? EmptyObject,
            EmptyObject,
            JsonSerializer.SerializeToUtf8Bytes(content),
        ];
        return [.. identities, Delimiter, Sign(parts), .. parts];
    }

    /// <summary>HMAC-SHA256 over the parts, in lower-case hexadecimal, as ASCII.</summary>
    private byte[] Sign(IReadOnlyList<byte[]> parts)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        foreach (var part in parts)
            hash.AppendData(part);
        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private bool Remember(string signature)
    {
        if (!seen.Add(signature))
            return false;
        order.Enqueue(signature);
        if (order.Count > Remembered)
            seen.Remove(order.Dequeue());
        return true;
    }

    private static JsonObject Object(byte[] part, string name)
    {
        try
        {
            return JsonNode.Parse(part, documentOptions: Strict) as JsonObject
                ?? throw new RefusedMessageException($"its {name} is no object");
        }
        catch (JsonException e)
        {
            throw new RefusedMessageException($"its {name} is no JSON: {e.Message}");
        }
    }

    private static string Name(JsonObject header, string field)
    {
        try
        {
            return header[field] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length is > 0 and <= LongestName
                ? text
                : throw new RefusedMessageException($"its header has no {field}");
        }
        catch (InvalidOperationException)
        {
            throw new RefusedMessageException($"{field} in its header is no UTF-8");
        }
    }
}
