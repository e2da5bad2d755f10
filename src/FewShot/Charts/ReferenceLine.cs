namespace FewShot.Charts;

/// <summary>A number from elsewhere, drawn across a chart to compare with.</summary>
/// <param name="Value">A share from 0 to 1.</param>
/// <param name="Label">What it is and where it is from: "58.2 % from scratch (published)".</param>
public sealed record ReferenceLine(double Value, string Label);
