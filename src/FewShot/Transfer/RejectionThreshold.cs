namespace FewShot.Transfer;

/// <summary>The smallest score with which an example is still taken for one of the classes.</summary>
/// <param name="Score">Photos whose largest class score is below it are refused.</param>
/// <param name="Acceptance">
/// The share of new examples of the classes that is accepted, at least, on average over examples drawn like those of the training: what
/// split-conformal prediction promises (Vovk et al. 2005, "Algorithmic Learning in a Random World", section 2.2), where the scores of
/// examples held out in cross-validation stand for those of new ones.
/// </param>
internal sealed record RejectionThreshold(double Score, double Acceptance)
{
    /// <summary>The highest threshold that accepts the share asked for, or, of too few scores for that, the lowest score seen.</summary>
    /// <param name="scores">The largest class score of each example that the head was not fitted on, at least one.</param>
    /// <param name="acceptance">The share asked for.</param>
    public static RejectionThreshold Of(IReadOnlyList<float> scores, double acceptance)
    {
        // A new score is equally likely to take any of the n + 1 places among the others, so it lies below the r-th of them with a
        // probability of at most r / (n + 1). The small number keeps 0.05 x 20 from being rounded to less than 1.
        var places = scores.Count + 1;
        var rank = Math.Max(1, (int)Math.Floor(((1 - acceptance) * places) + 1e-9));
        return new RejectionThreshold(scores.Order().ElementAt(rank - 1), 1 - ((double)rank / places));
    }
}
