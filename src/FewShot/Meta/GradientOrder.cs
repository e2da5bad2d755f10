namespace FewShot.Meta;

/// <summary>What the meta-gradient passes through.</summary>
public enum GradientOrder
{
    /// <summary>Through the inner steps, second derivatives included: the exact gradient.</summary>
    Second,

    /// <summary>The inner gradients count as constants (first-order MAML, FOMAML): cheaper, and another gradient.</summary>
    First,
}
