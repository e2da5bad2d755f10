namespace FewShot.Metric;

/// <summary>How a query is compared with a prototype.</summary>
public enum Distance
{
    /// <summary>The squared Euclidean distance: the paper's choice, and the better one in its experiments.</summary>
    Euclidean,

    /// <summary>The cosine of the angle between the two, times a factor that is learned.</summary>
    Cosine,
}
