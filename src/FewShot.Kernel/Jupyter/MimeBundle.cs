using System.Text.Json;
using System.Text.Json.Nodes;

namespace FewShot.Kernel.Jupyter;

/// <summary>Texts by MIME type as messages carry them: JSON types as JSON, all others as one string.</summary>
internal static class MimeBundle
{
    public static JsonObject From(IReadOnlyDictionary<string, string> data)
    {
        var bundle = new JsonObject();
        foreach (var (mimeType, value) in data)
            bundle[mimeType] = mimeType.EndsWith("json", StringComparison.Ordinal) ? Json(value) : WholeText.Of(value);
        return bundle;
    }

    private static JsonNode? Json(string value)
    {
        try
        {
            return JsonNode.Parse(value);
        }
        catch (JsonException)
        {
            return WholeText.Of(value);
        }
    }
}
