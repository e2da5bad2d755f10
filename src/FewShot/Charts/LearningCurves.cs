using FewShot.Runtime;
using Plotly.NET;
using Fields = System.Collections.Generic.Dictionary<string, object>;

namespace FewShot.Charts;

/// <summary>How training went, epoch by epoch.</summary>
public static class LearningCurves
{
    /// <summary>Loss by epoch.</summary>
    /// <param name="train">Mean training loss of each epoch, the first being epoch 1.</param>
    /// <param name="validation">The same on held-out images.</param>
    /// <param name="chosenEpoch">The epoch whose weights were kept, marked where given.</param>
    /// <param name="title">Above the chart.</param>
    /// <param name="note">A smaller line under the title: data, number of images, seed.</param>
    /// <exception cref="FewShotException">There is no epoch, or the chosen one is not among them.</exception>
    public static GenericChart Loss(
        IReadOnlyList<double> train,
        IReadOnlyList<double>? validation = null,
        int? chosenEpoch = null,
        string title = "Loss by epoch",
        string? note = null) =>
        Draw(train, validation, chosenEpoch, title, note, "Loss (cross-entropy, nats)", 1, "%{y:.4f}", "top", []);

    /// <summary>Accuracy by epoch.</summary>
    /// <param name="train">Accuracy on the training images after each epoch, 0 to 1, the first being epoch 1.</param>
    /// <param name="validation">The same on held-out images.</param>
    /// <param name="chosenEpoch">The epoch whose weights were kept, marked where given.</param>
    /// <param name="title">Above the chart.</param>
    /// <param name="note">A smaller line under the title: data, number of images, seed.</param>
    /// <exception cref="FewShotException">There is no epoch, or the chosen one is not among them.</exception>
    public static GenericChart Accuracy(
        IReadOnlyList<double> train,
        IReadOnlyList<double>? validation = null,
        int? chosenEpoch = null,
        string title = "Accuracy by epoch",
        string? note = null) =>
        Draw(train, validation, chosenEpoch, title, note, "Accuracy", 100, "%{y:.1f} %", "bottom", new Fields { ["ticksuffix"] = " %" });

    private static GenericChart Draw(
        IReadOnlyList<double> train,
        IReadOnlyList<double>? validation,
        int? chosenEpoch,
        string title,
        string? note,
        string axis,
        double scale,
        string hover,
        string legend,
        Fields y)
    {
        ArgumentNullException.ThrowIfNull(train);
        var epochs = Math.Max(train.Count, validation?.Count ?? 0);
        if (epochs == 0)
            throw new FewShotException($"\"{title}\" has no epoch to draw.");
        if (chosenEpoch is { } chosen && (chosen < 1 || chosen > epochs))
            throw new FewShotException($"\"{title}\": epoch {chosen} is marked as chosen, but there are epochs 1 to {epochs}.");
        var traces = new List<Trace> { Curve("training", train, 0, scale, hover) };
        if (validation is not null)
            traces.Add(Curve("validation", validation, 1, scale, hover));
        var more = new Fields { ["showlegend"] = true, ["legend"] = ChartStyle.Legend(legend), ["hovermode"] = "x unified" };
        if (chosenEpoch is { } kept)
            ChartStyle.AddUpright(more, kept, $"kept: epoch {kept}", 1, epochs + 1e-9);
        var x = new Fields { ["range"] = new[] { 0.5, Math.Max(epochs, 2) + 0.5 }, ["tickformat"] = "d" };
        if (epochs <= 12)
            x["dtick"] = 1;
        return ChartStyle.Chart(traces, title, note, ChartStyle.Axis("Epoch", x), ChartStyle.Axis(axis, y), more);
    }

    private static Trace2D Curve(string name, IReadOnlyList<double> values, int series, double scale, string hover) =>
        ChartStyle.Trace("scatter", new Fields
        {
            ["mode"] = values.Count <= 40 ? "lines+markers" : "lines",
            ["name"] = name,
            ["x"] = Enumerable.Range(1, values.Count).ToArray(),
            ["y"] = values.Select(value => scale * value).ToArray(),
            ["line"] = new Fields { ["color"] = ChartStyle.Colour(series), ["width"] = 3 },
            ["marker"] = new Fields { ["color"] = ChartStyle.Colour(series), ["size"] = 8, ["symbol"] = ChartStyle.Symbol(series) },
            ["hovertemplate"] = hover,
        });
}
