using System.Text.Json;
using Plotly.NET;

namespace FewShot.Tests.Charts;

/// <summary>What plotly.js is given to draw.</summary>
internal static class Figure
{
    internal static JsonElement Layout(GenericChart chart) => Parse(chart).GetProperty("layout");

    internal static JsonElement[] Traces(GenericChart chart) => [.. Parse(chart).GetProperty("data").EnumerateArray()];

    internal static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => Math.Round(number.GetDouble(), 9))];

    internal static string?[] Texts(JsonElement array) => [.. array.EnumerateArray().Select(text => text.GetString())];

    internal static string? Text(JsonElement owner, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
            owner = owner.GetProperty(name);
        return owner.GetString();
    }

    private static JsonElement Parse(GenericChart chart) => JsonDocument.Parse(GenericChart.toFigureJson(chart)).RootElement;
}
