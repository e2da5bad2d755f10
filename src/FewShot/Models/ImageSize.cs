using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Models;

/// <summary>Refuses images that a network is not made for.</summary>
internal static class ImageSize
{
    /// <exception cref="FewShotException">The images are not N x channels x side x side.</exception>
    public static void Check(string network, torch.Tensor images, long channels, long side)
    {
        if (images.dim() != 4 || images.shape[1] != channels || images.shape[2] != side || images.shape[3] != side)
        {
            throw new FewShotException(
                $"{network} takes images x {channels} x {side} x {side}; found [{string.Join(", ", images.shape)}].");
        }
    }
}
