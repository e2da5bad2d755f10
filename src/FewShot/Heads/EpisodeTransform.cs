using System.Globalization;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>
/// What is done to the features of an episode before a head sees them: "SimpleShot: Revisiting Nearest-Neighbor Classification for Few-Shot
/// Learning" (Wang et al. 2019, section 3.2). The default leaves them as they are ("UN" there).
/// </summary>
public sealed record EpisodeTransform
{
    // A vector of length 0 has no direction; it stays at zero.
    private const double Smallest = 1e-12;

    /// <summary>Each vector gets length 1.</summary>
    public static EpisodeTransform L2N { get; } = new() { IsUnitLength = true };

    /// <summary>
    /// The mean is taken away, then each vector gets length 1. Of which features the mean is, <see cref="Centre"/> says; the paper's is
    /// that of the base classes.
    /// </summary>
    public static EpisodeTransform CL2N { get; } = new() { IsCentred = true, IsUnitLength = true };

    /// <summary>
    /// The power that each feature is raised to first, its sign kept; 1 leaves them. PT-MAP (Hu et al. 2021, section 3.2) and "power
    /// transform" elsewhere have 0.5: features that are rarely, but then very large weigh less. Above 0.
    /// </summary>
    public double Power { get; init; } = 1;

    /// <summary>Whether <see cref="Centre"/> is taken away.</summary>
    public bool IsCentred { get; init; }

    /// <summary>
    /// What is taken away, one number a feature: see <see cref="CentredOn"/>. Where it is null, each episode's own mean over its support.
    /// </summary>
    public IReadOnlyList<float>? Centre { get; init; }

    /// <summary>Whether each vector gets length 1, last of all.</summary>
    public bool IsUnitLength { get; init; }

    /// <summary>The same with the mean of these features as centre, after the power was taken.</summary>
    /// <param name="features">Floating point, N x D: of the base classes, which appear in no episode.</param>
    /// <exception cref="FewShotException">There are none, or they have another shape or type.</exception>
    public EpisodeTransform CentredOn(torch.Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.dim() != 2 || features.numel() == 0 || !features.is_floating_point())
        {
            throw new FewShotException(
                "The centre is the mean of features, floating point, N x D, and not empty; "
                + $"found {features.dtype} with shape [{string.Join(", ", features.shape)}].");
        }

        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var mean = Raised(features.to(torch.float64)).mean([0]).to(torch.float32).cpu();
        return this with { IsCentred = true, Centre = mean.data<float>().ToArray() };
    }

    /// <summary>"L2N", "CL2N", "power 0.5, L2N"; empty where nothing is done.</summary>
    public override string ToString()
    {
        string[] parts =
        [
            .. Power == 1 ? Array.Empty<string>() : [string.Create(CultureInfo.InvariantCulture, $"power {Power:0.##}")],
            .. (IsCentred, IsUnitLength) switch
            {
                (true, true) => ["CL2N"],
                (true, false) => ["centred"],
                (false, true) => ["L2N"],
                (false, false) => Array.Empty<string>(),
            },
        ];
        return string.Join(", ", parts);
    }

    /// <summary>A head's name with what is done first: "ridge (CL2N)".</summary>
    internal string Append(string name) => ToString() is { Length: > 0 } text ? $"{name} ({text})" : name;

    /// <summary>Support and query as the head sees them.</summary>
    /// <param name="support">E x S x D.</param>
    /// <param name="query">E x Q x D.</param>
    /// <returns>Two tensors of the same shapes, of the current scope.</returns>
    /// <exception cref="FewShotException">The centre has another length, or the power is not above 0.</exception>
    internal (torch.Tensor Support, torch.Tensor Query) Apply(torch.Tensor support, torch.Tensor query)
    {
        if (!(Power > 0) || !double.IsFinite(Power))
            throw new FewShotException($"The power of features must be above 0; found {Power}.");
        (support, query) = (Raised(support), Raised(query));
        if (IsCentred)
        {
            var centre = CentreOf(support);
            (support, query) = (support - centre, query - centre);
        }

        return IsUnitLength ? (Normalised(support), Normalised(query)) : (support, query);
    }

    private static torch.Tensor Normalised(torch.Tensor features) =>
        features / features.norm(-1, keepdim: true, p: 2).clamp_min(Smallest);

    private torch.Tensor Raised(torch.Tensor features) =>
        Power == 1 ? features : features.sign() * (Power == 0.5 ? features.abs().sqrt() : features.abs().pow(Power));

    private torch.Tensor CentreOf(torch.Tensor support)
    {
        if (Centre is null)
            return support.mean([1], keepdim: true);
        if (Centre.Count != support.shape[2])
        {
            throw new FewShotException(
                $"The centre is of features with {Centre.Count} numbers, these have {support.shape[2]}: use one backbone for both.");
        }

        return torch.tensor(Centre.ToArray(), dtype: support.dtype, device: support.device);
    }
}
