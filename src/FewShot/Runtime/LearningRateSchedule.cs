namespace FewShot.Runtime;

/// <summary>How a learning rate changes from its first step to its last.</summary>
public enum LearningRateSchedule
{
    /// <summary>The learning rate stays the same throughout.</summary>
    Constant,

    /// <summary>Half a cosine, from the full rate at the first step down to 0 after the last (Loshchilov and Hutter 2017).</summary>
    Cosine,

    /// <summary>A straight line, from the full rate at the first step down to 0 after the last.</summary>
    Linear,
}

/// <summary>The values of a <see cref="LearningRateSchedule"/>.</summary>
internal static class LearningRateSchedules
{
    /// <summary>
    /// The share of the full learning rate, 0 to 1, in the step after <paramref name="done"/> of <paramref name="steps"/>.
    /// </summary>
    public static double Share(this LearningRateSchedule schedule, long done, long steps) => schedule switch
    {
        LearningRateSchedule.Constant => 1,
        LearningRateSchedule.Cosine => (1 + Math.Cos(Math.PI * done / steps)) / 2,
        LearningRateSchedule.Linear => 1 - ((double)done / steps),
        _ => throw new FewShotException($"Unknown learning-rate schedule: {schedule}."),
    };
}
