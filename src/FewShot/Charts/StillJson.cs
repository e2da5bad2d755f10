using System.Globalization;
using System.Text.Json;

namespace FewShot.Charts;

/// <summary>Reads a figure in which almost every field may be missing.</summary>
internal static class StillJson
{
    internal static JsonElement Get(JsonElement owner, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (owner.ValueKind != JsonValueKind.Object || !owner.TryGetProperty(name, out owner))
                return default;
        }

        return owner;
    }

    internal static string Text(JsonElement owner, params ReadOnlySpan<string> path) =>
        Get(owner, path) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    /// <summary>A number, also where it is written as text; not a number for anything else.</summary>
    internal static double Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String
            when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => double.NaN,
    };

    internal static double Number(JsonElement value, double otherwise) =>
        Number(value) is var number && double.IsFinite(number) ? number : otherwise;

    internal static JsonElement[] Items(JsonElement value) => value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [];
}
