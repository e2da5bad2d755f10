namespace FewShot.Models;

/// <summary>A BatchNorm layer that keeps running averages.</summary>
/// <param name="Name">In PyTorch's manner: <c>block1.bn</c>.</param>
/// <param name="Channels">Channels that it normalises.</param>
public sealed record NormLayer(string Name, long Channels)
{
    /// <summary>Name of the running mean.</summary>
    public string Mean => Name + ".running_mean";

    /// <summary>Name of the running variance.</summary>
    public string Variance => Name + ".running_var";
}
