using System.Text.Json.Nodes;

namespace FewShot.Kernel.Jupyter;

/// <summary>A request lacks something, or it has the wrong type; the sender is told.</summary>
internal sealed class BadRequestException(string message) : Exception(message);

/// <summary>Reads fields of a request's content.</summary>
internal static class RequestContent
{
    public static string Text(this JsonObject content, string field) =>
        content[field] is JsonValue value && value.TryGetValue<string>(out var text)
            ? text
            : throw new BadRequestException($"{field} is missing, or no text");

    public static bool Flag(this JsonObject content, string field, bool otherwise) => content[field] switch
    {
        null => otherwise,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
        _ => throw new BadRequestException($"{field} is neither true nor false"),
    };

    public static int Number(this JsonObject content, string field, int otherwise) => content[field] switch
    {
        null => otherwise,
        JsonValue value when value.TryGetValue<int>(out var number) => number,
        _ => throw new BadRequestException($"{field} is no whole number"),
    };

    public static JsonObject Ok(this JsonObject content)
    {
        content["status"] = "ok";
        return content;
    }
}
