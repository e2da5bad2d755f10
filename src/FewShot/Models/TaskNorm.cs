using TorchSharp;

namespace FewShot.Models;

/// <summary>
/// BatchNorm of each task by itself, then ReLU. On a CPU each pass over the values does all of its arithmetic at once
/// (<see cref="TaskNormKernel{T}"/>); elsewhere it is composed of libtorch's operations.
/// </summary>
internal static class TaskNorm
{
    /// <summary>What is added to the variance.</summary>
    public const double Epsilon = 1e-5;

    /// <summary>max(0, scale (x - mean) / sqrt(variance + 1e-5) + shift), differentiable to any order.</summary>
    /// <param name="values">T x R x C, float32 or float64.</param>
    /// <param name="scale">T x C.</param>
    /// <param name="shift">T x C.</param>
    /// <param name="counted">Leading rows whose mean and (biased) variance count, 1 to R.</param>
    /// <returns>T x R x C.</returns>
    public static torch.Tensor Apply(torch.Tensor values, torch.Tensor scale, torch.Tensor shift, long counted) => CpuSpans.ReachVectors(values, values.shape[2])
        ? TaskNormFunction.Apply(values.contiguous(), scale.contiguous(), shift.contiguous(), counted)
        : Compose(values, scale, shift, counted);

    /// <summary>The same of libtorch's operations: for other devices, for other numbers of channels, and for derivatives of third order.</summary>
    public static torch.Tensor Compose(torch.Tensor values, torch.Tensor scale, torch.Tensor shift, long counted)
    {
        var mean = values.narrow(1, 0, counted).mean([1], keepdim: true);
        var centred = values - mean;
        var variance = centred.narrow(1, 0, counted).square().mean([1], keepdim: true);
        return torch.addcmul(shift.unsqueeze(1), centred, (variance + Epsilon).rsqrt() * scale.unsqueeze(1), 1).relu();
    }
}
