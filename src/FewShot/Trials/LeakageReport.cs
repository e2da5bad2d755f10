using FewShot.Runtime;

namespace FewShot.Trials;

/// <summary>What all checks against leaks found about one method on one list of episodes.</summary>
/// <param name="Method">The name of the method.</param>
/// <param name="Findings">One for each check.</param>
public sealed record LeakageReport(string Method, IReadOnlyList<LeakageFinding> Findings)
{
    /// <summary>Whether every check passed.</summary>
    public bool Passed => Findings.All(finding => finding.Passed);

    /// <summary>Refuses to go on to a score.</summary>
    /// <exception cref="FewShotException">A check failed; the message says which, what was found and what to do.</exception>
    public void RequirePassed()
    {
        if (Findings.Where(finding => !finding.Passed).ToList() is { Count: > 0 } failed)
        {
            throw new FewShotException(
                $"No score is given for {Method}: " + string.Join(" ", failed.Select(finding =>
                    $"The check \"{finding.Check}\" failed: {finding.Found}. {finding.Remedy}")));
        }
    }

    /// <summary>One line for each check.</summary>
    public override string ToString() => string.Join('\n', Findings);
}
