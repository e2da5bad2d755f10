using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Gpu.Tests;

/// <summary>Lets the library compute on a device of the test's choice, with all places of every product, until it is disposed.</summary>
internal sealed class OnDevice : IDisposable
{
    private readonly ExactProducts exact;

    public OnDevice(torch.Device device)
    {
        Torch.Use(device);
        exact = ExactProducts.On(device);
    }

    /// <summary>The GPU; where there is none the test is skipped and says what is missing.</summary>
    public static torch.Device Gpu
    {
        get
        {
            if (!torch.cuda.is_available())
            {
                var findings = CudaLibraries.Findings(NativeLoader.Folders()).Append(CudaDriver.Finding());
                var missing = findings.Where(finding => !finding.IsRight).Select(finding => finding.Text);
                Assert.Skip($"Needs a GPU: {string.Join(" ", missing)}");
            }

            return torch.CUDA;
        }
    }

    public void Dispose()
    {
        exact.Dispose();
        Torch.Use(null);
    }
}
