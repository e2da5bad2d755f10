namespace FewShot.Trials;

/// <summary>What one check against leaks found.</summary>
/// <param name="Check">Its name: "support and query apart".</param>
/// <param name="Passed">Whether a score may be printed.</param>
/// <param name="Found">What was measured, with the bound that it was held against, where there is one.</param>
/// <param name="Remedy">What to do; null where it passed.</param>
public sealed record LeakageFinding(string Check, bool Passed, string Found, string? Remedy = null)
{
    /// <summary>"support and query apart: passed; no image ..., or FAILED: ...".</summary>
    public override string ToString() => $"{Check}: {(Passed ? "passed" : "FAILED")}; {Found}{(Remedy is null ? "" : $". {Remedy}")}";
}
