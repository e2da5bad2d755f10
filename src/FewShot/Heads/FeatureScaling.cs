namespace FewShot.Heads;

/// <summary>What is done to features before a head sees them. All statistics come from the training features alone.</summary>
public enum FeatureScaling
{
    /// <summary>Features are left as they are.</summary>
    None,

    /// <summary>The mean is taken away.</summary>
    Centre,

    /// <summary>
    /// The mean is taken away, then everything is divided by one number, the root of the mean variance: directions keep their proportions.
    /// </summary>
    CentreAndScale,

    /// <summary>Each feature gets mean 0 and standard deviation 1.</summary>
    Standardise,

    /// <summary>Each vector gets length 1.</summary>
    Normalise,

    /// <summary>The mean is taken away, then each vector gets length 1 ("CL2N" of SimpleShot, Wang et al. 2019).</summary>
    CentreAndNormalise,
}
