using System.Globalization;
using FewShot.Evaluation;
using FewShot.Runtime;
using Plotly.NET;
using Fields = System.Collections.Generic.Dictionary<string, object>;

namespace FewShot.Charts;

/// <summary>The accuracy of several recipes side by side, on the same images.</summary>
public static class BarComparison
{
    /// <summary>One bar per recipe from 0 to 100 %, the first on top, each with its interval.</summary>
    /// <param name="recipes">Each recipe's name, used once, and its accuracy.</param>
    /// <param name="reference">A published or trivial result to compare with.</param>
    /// <param name="title">Above the chart.</param>
    /// <param name="note">A smaller line under the title: data, number of images and draws, kind of interval.</param>
    /// <exception cref="FewShotException">There is no recipe, two have one name, or an accuracy is not finite.</exception>
    public static GenericChart Of(
        IReadOnlyList<(string Recipe, Estimate Accuracy)> recipes,
        ReferenceLine? reference = null,
        string title = "Accuracy of the recipes",
        string? note = null)
    {
        ArgumentNullException.ThrowIfNull(recipes);
        if (recipes.Count == 0)
            throw new FewShotException($"\"{title}\" has no recipe to draw.");
        if (recipes.GroupBy(one => one.Recipe).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new FewShotException($"\"{title}\" names the recipe \"{twice.Key}\" {twice.Count()} times; give each its own name.");
        var bars = ChartStyle.Trace("bar", new Fields
        {
            ["orientation"] = "h",
            ["x"] = recipes.Select(one => ChartStyle.Percent(one.Accuracy.Value, one.Recipe)).ToArray(),
            ["y"] = recipes.Select(one => ChartText.Escape(one.Recipe)).ToArray(),
            ["text"] = recipes.Select(one => string.Create(CultureInfo.InvariantCulture, $"{100 * one.Accuracy.Value:0.0} %")).ToArray(),
            ["textposition"] = "inside",
            ["insidetextanchor"] = "start",
            ["textangle"] = 0,
            ["insidetextfont"] = new Fields { ["size"] = ChartStyle.LabelSize, ["color"] = "#FFFFFF" },
            ["marker"] = new Fields { ["color"] = ChartStyle.Colour(0) },
            ["error_x"] = IntervalBars.Of([.. recipes.Select(one => one.Accuracy)], ChartStyle.Ink),
            ["hovertext"] = recipes.Select(one => ChartText.Escape(one.Recipe) + ": " + one.Accuracy).ToArray(),
            ["hovertemplate"] = "%{hovertext}<extra></extra>",
        });
        var x = ChartStyle.Axis("Accuracy", new Fields { ["range"] = new[] { 0.0, 100.0 }, ["ticksuffix"] = " %" });
        var y = ChartStyle.Axis("", new Fields
        {
            ["type"] = "category",
            ["autorange"] = "reversed",
            ["ticks"] = "",
            ["showgrid"] = false,
            ["tickfont"] = new Fields { ["size"] = ChartStyle.LabelSize },
        });
        var more = new Fields { ["showlegend"] = false, ["bargap"] = 0.35, ["height"] = 190 + (46 * recipes.Count) };
        if (reference is not null)
            ChartStyle.AddUpright(more, ChartStyle.Percent(reference.Value, reference.Label), reference.Label, 0, 100);
        return ChartStyle.Chart([bars], title, note, x, y, more);
    }
}
