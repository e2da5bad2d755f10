using FewShot.Evaluation;
using FewShot.Runtime;
using Plotly.NET;
using Fields = System.Collections.Generic.Dictionary<string, object>;

namespace FewShot.Charts;

/// <summary>
/// How often classifiers are right against how sure they are (Niculescu-Mizil and Caruana 2005, "Predicting good probabilities with
/// supervised learning"): on the diagonal a confidence means what it says, below it the classifier is too sure.
/// </summary>
public static class ReliabilityChart
{
    /// <summary>A line for each classifier over its bins of equally many answers, with the interval of each.</summary>
    /// <param name="classifiers">The name and calibration of each, at least one.</param>
    /// <param name="title">Above the chart.</param>
    /// <param name="note">A smaller line under the title: data, number of answers.</param>
    /// <exception cref="FewShotException">There is no classifier.</exception>
    public static GenericChart Of(
        IReadOnlyList<(string Name, Calibration Calibration)> classifiers,
        string title = "Confidence against accuracy",
        string? note = null)
    {
        ArgumentNullException.ThrowIfNull(classifiers);
        if (classifiers.Count == 0)
            throw new FewShotException($"\"{title}\" has no classifier to draw.");
        var percent = new Fields { ["ticksuffix"] = " %", ["range"] = new[] { 0.0, 100.0 } };
        var more = new Fields
        {
            ["showlegend"] = true,
            ["legend"] = new Fields { ["x"] = 0.01, ["xanchor"] = "left", ["y"] = 0.99, ["yanchor"] = "top" },
        };
        var diagonal = ChartStyle.Trace("scatter", new Fields
        {
            ["mode"] = "lines",
            ["name"] = "right as often as sure",
            ["x"] = new[] { 0.0, 100.0 },
            ["y"] = new[] { 0.0, 100.0 },
            ["line"] = new Fields { ["color"] = ChartStyle.Quiet, ["width"] = 2, ["dash"] = "dash" },
            ["hoverinfo"] = "skip",
        });
        return ChartStyle.Chart(
            classifiers.Select((one, number) => Draw(one.Name, one.Calibration, number)).Prepend(diagonal),
            title,
            note,
            ChartStyle.Axis("Confidence", percent),
            ChartStyle.Axis("Right answers", percent),
            more);
    }

    private static Trace2D Draw(string name, Calibration calibration, int number)
    {
        var colour = ChartStyle.Colour(number);
        var bins = calibration.EqualMass;
        return ChartStyle.Trace("scatter", new Fields
        {
            ["mode"] = "lines+markers",
            ["name"] = ChartText.Escape(name),
            ["x"] = bins.Select(bin => ChartStyle.Percent(bin.Confidence, name)).ToArray(),
            ["y"] = bins.Select(bin => ChartStyle.Percent(bin.Accuracy.Value, name)).ToArray(),
            ["error_y"] = IntervalBars.Of([.. bins.Select(bin => Estimate.Of(bin.Accuracy))], colour),
            ["line"] = new Fields { ["color"] = colour, ["width"] = 3 },
            ["marker"] = new Fields { ["color"] = colour, ["size"] = 9, ["symbol"] = ChartStyle.Symbol(number) },
            ["text"] = bins.Select(bin => bin.Accuracy.ToString()).ToArray(),
            ["hovertemplate"] = "%{text}, %{x:.1f} % sure",
        });
    }
}
