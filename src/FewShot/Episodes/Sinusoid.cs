namespace FewShot.Episodes;

/// <summary>One regression task: y = amplitude sin(x - phase).</summary>
/// <param name="Amplitude">From 0.1 to 5.</param>
/// <param name="Phase">From 0 to pi.</param>
public readonly record struct Sinusoid(double Amplitude, double Phase)
{
    /// <summary>The value at x.</summary>
    public double At(double x) => Amplitude * Math.Sin(x - Phase);
}
