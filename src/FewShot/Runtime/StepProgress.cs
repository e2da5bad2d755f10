namespace FewShot.Runtime;

/// <summary>How far a long piece of work has come.</summary>
/// <param name="Activity">What is being done, for a reader: "features of 10,000 images".</param>
/// <param name="Done">Units finished, from 0 to <paramref name="Total"/>.</param>
/// <param name="Total">Units in all; 0 where it is not known.</param>
/// <param name="Note">A short state to show beside the bar (a loss, a file name), or null.</param>
public readonly record struct StepProgress(string Activity, long Done, long Total, string? Note = null);
