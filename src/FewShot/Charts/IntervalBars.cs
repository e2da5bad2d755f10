using FewShot.Evaluation;
using Fields = System.Collections.Generic.Dictionary<string, object>;

namespace FewShot.Charts;

/// <summary>The interval of each estimate as plotly.js draws it: its distance to the value on either side, in percent.</summary>
internal static class IntervalBars
{
    internal static Fields Of(IReadOnlyList<Estimate> estimates, string colour) => new()
    {
        ["type"] = "data",
        ["symmetric"] = false,
        ["array"] = estimates.Select(one => one.HasInterval ? Math.Max(0, 100 * (one.High - one.Value)) : 0).ToArray(),
        ["arrayminus"] = estimates.Select(one => one.HasInterval ? Math.Max(0, 100 * (one.Value - one.Low)) : 0).ToArray(),
        ["color"] = colour,
        ["thickness"] = 2,
        ["width"] = 5,
    };
}
