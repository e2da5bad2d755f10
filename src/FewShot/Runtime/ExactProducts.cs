using TorchSharp;

namespace FewShot.Runtime;

/// <summary>
/// On a GPU libtorch may round the factors of convolutions and matrix products to 10 binary places (TF32), which is fast and right for
/// training, and would hide an error where the GPU is compared with the CPU.
/// </summary>
internal sealed class ExactProducts : IDisposable
{
    private readonly (bool Convolutions, bool Products)? before;

    private ExactProducts(torch.Device device)
    {
        if (device.type != DeviceType.CUDA)
            return;
        before = (torch.backends.cudnn.allow_tf32, torch.backends.cuda.matmul.allow_tf32);
        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = false;
    }

    /// <summary>Until it is disposed factors keep all their places there; on a CPU they always do.</summary>
    public static ExactProducts On(torch.Device device) => new(device);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (before is { } settings)
            (torch.backends.cudnn.allow_tf32, torch.backends.cuda.matmul.allow_tf32) = settings;
    }
}
