using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace FewShot.Kernel.Jupyter;

/// <summary>The cells of this session, for the front end's "history" requests.</summary>
internal sealed class KernelHistory
{
    private const int Session = 1;
    private const int MostEntries = 10_000;

    private readonly List<(int Line, string Code, string? Output)> entries = [];

    public void Add(int line, string code, string? output)
    {
        if (entries.Count == MostEntries)
            entries.RemoveAt(0);
        entries.Add((line, code, output));
    }

    /// <exception cref="BadRequestException">The kind of access is unknown.</exception>
    public JsonObject Answer(JsonObject request)
    {
        var n = Math.Max(0, request.Number("n", int.MaxValue));
        IEnumerable<(int Line, string Code, string? Output)> found = request.Text("hist_access_type") switch
        {
            "tail" => entries.TakeLast(n),
            "range" => request.Number("session", 0) is 0 or Session
                ? entries.Where(entry => entry.Line >= request.Number("start", 0) && entry.Line < request.Number("stop", int.MaxValue))
                : [],
            "search" => Search(request.Text("pattern"), request.Flag("unique", false)).TakeLast(n),
            var other => throw new BadRequestException($"hist_access_type is '{other}': use range, tail or search"),
        };
        var withOutput = request.Flag("output", false);
        return new JsonObject
        {
            ["history"] = new JsonArray([.. found.Select(entry => (JsonNode)new JsonArray(
                Session, entry.Line, withOutput ? new JsonArray(entry.Code, entry.Output) : JsonValue.Create(entry.Code)))]),
        }.Ok();
    }

    private IEnumerable<(int Line, string Code, string? Output)> Search(string pattern, bool unique)
    {
        var found = entries.Where(entry => FileSystemName.MatchesSimpleExpression(pattern, entry.Code, ignoreCase: false));
        return unique ? found.Reverse().DistinctBy(entry => entry.Code).Reverse() : found;
    }
}
