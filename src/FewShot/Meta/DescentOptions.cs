using FewShot.Runtime;

namespace FewShot.Meta;

/// <summary>
/// Settings of the learners whose inner steps are gradient descent: <see cref="Maml"/>, <see cref="Anil"/> and <see cref="MetaSgd"/>.
/// </summary>
public abstract record DescentOptions : MetaLearnerOptions
{
    /// <summary>The order of the meta-gradient: the second, unless the first is asked for.</summary>
    public GradientOrder Order { get; init; } = GradientOrder.Second;

    /// <summary>
    /// Each component of the meta-gradient is cut to -c..c, as the code of MAML's authors does for mini-ImageNet; null cuts nothing.
    /// </summary>
    public double? GradientClip { get; init; }

    internal override void Check()
    {
        base.Check();
        if (!Enum.IsDefined(Order))
            throw new FewShotException($"The order of a meta-gradient is First or Second; found {Order}.");
        if (GradientClip is { } clip && !(clip > 0 && double.IsFinite(clip)))
            throw new FewShotException($"GradientClip must be a finite number above 0, or null; found {clip}.");
    }
}
