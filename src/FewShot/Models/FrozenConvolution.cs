using TorchSharp;
using TorchSharp.Modules;

namespace FewShot.Models;

/// <summary>A convolution with the BatchNorm behind it folded in: one kernel in place of two, for evaluation only.</summary>
internal sealed class FrozenConvolution : IDisposable
{
    private readonly torch.Tensor weight;
    private readonly torch.Tensor bias;
    private readonly long[] stride;
    private readonly long[] padding;
    // Made at the first image of a size for which it pays, since its kernel takes four times the memory; null where it never fits.
    private readonly Lazy<WinogradConvolution>? winograd;

    /// <summary>Folds in float64: gamma / sqrt(variance + eps) scales the kernel, and the bias becomes beta - mean times it.</summary>
    public FrozenConvolution(Conv2d convolution, BatchNorm2d norm, torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        torch.Tensor Exact(torch.Tensor? tensor) => tensor!.detach().to(torch.float64);
        var scale = Exact(norm.weight) / (Exact(norm.running_var) + norm.eps).sqrt();
        var folded = Exact(convolution.weight) * scale.view(-1, 1, 1, 1);
        weight = ChannelsLast(folded.to(torch.float32).to(device)).DetachFromDisposeScope();
        bias = (Exact(norm.bias) - (Exact(norm.running_mean) * scale)).to(torch.float32).to(device).DetachFromDisposeScope();
        stride = convolution.stride;
        padding = convolution.padding!;
        // On a GPU cuDNN itself chooses the algorithm of a convolution.
        if (device.type == DeviceType.CPU && convolution is { kernel_size: [3, 3], stride: [1, 1], padding: [1, 1] })
            winograd = new Lazy<WinogradConvolution>(() => new WinogradConvolution(weight, bias));
    }

    /// <summary>float32, outputs x inputs x height x width, with the BatchNorm in it.</summary>
    public torch.Tensor Weight => weight;

    /// <summary>float32, outputs.</summary>
    public torch.Tensor Bias => bias;

    /// <summary>Rows and columns from one place to the next.</summary>
    public IReadOnlyList<long> Stride => stride;

    /// <summary>Rows and columns of zeros on each side.</summary>
    public IReadOnlyList<long> Padding => padding;

    /// <param name="input">float32, N x channels x H x W.</param>
    /// <param name="rectifies">Whether values below 0 become 0.</param>
    /// <param name="residual">What is added before that, in the output's shape; null for nothing.</param>
    public torch.Tensor Apply(torch.Tensor input, bool rectifies = false, torch.Tensor? residual = null)
    {
        if (winograd is not null && WinogradConvolution.Pays(weight.shape[1], weight.shape[0], input.shape[2], input.shape[3]))
            return winograd.Value.Apply(input, rectifies, residual);
        var output = torch.nn.functional.conv2d(input, weight, bias, stride, padding);
        if (residual is not null)
            output = output.add_(residual);
        return rectifies ? output.relu_() : output;
    }

    /// <summary>The same values with channels next to each other in memory (no copy where they already are).</summary>
    public static torch.Tensor ChannelsLast(torch.Tensor images) => images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    public void Dispose()
    {
        weight.Dispose();
        bias.Dispose();
        if (winograd is { IsValueCreated: true })
            winograd.Value.Dispose();
    }
}
