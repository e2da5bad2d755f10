namespace FewShot.Studies;

/// <summary>One training, from the weights it started with to those it left.</summary>
/// <param name="Iterations">Meta-steps that were run.</param>
/// <param name="Kept">The meta-step whose weights were kept, as chosen on validation characters.</param>
/// <param name="Episodes">Episodes in a meta-step.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record TrainingPart(long Iterations, long Kept, int Episodes, double Seconds);
