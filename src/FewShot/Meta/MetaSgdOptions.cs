using FewShot.Runtime;

namespace FewShot.Meta;

/// <summary>Settings of <see cref="MetaSgd"/>; one inner step in training, as in the paper.</summary>
public sealed record MetaSgdOptions : DescentOptions
{
    /// <summary>What every rate starts from, drawn evenly between these two (Li et al. 2017, section 4).</summary>
    public double LowestInitialRate { get; init; } = 0.005;

    /// <summary>See <see cref="LowestInitialRate"/>.</summary>
    public double HighestInitialRate { get; init; } = 0.1;

    /// <summary>Decides the first rates.</summary>
    public long Seed { get; init; }

    internal override void Check()
    {
        base.Check();
        CheckRate(LowestInitialRate);
        CheckRate(HighestInitialRate);
        if (LowestInitialRate > HighestInitialRate)
            throw new FewShotException($"LowestInitialRate {LowestInitialRate} is above HighestInitialRate {HighestInitialRate}.");
    }
}
