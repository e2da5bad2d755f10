using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Gpu.Tests;

public class AgreementTests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [MemberData(nameof(Method.Names), MemberType = typeof(Method))]
    public void Should_AgreeWithTheCpu_When_TheGpuComputes(string method) =>
        Assert.InRange(DeviceArithmetic.Difference(Method.On(torch.CPU, method), Method.On(OnDevice.Gpu, method)), 0, Tolerance);

    /// <summary>Where there is no GPU this still shows that every method gives numbers that do not change from call to call.</summary>
    [Theory]
    [MemberData(nameof(Method.Names), MemberType = typeof(Method))]
    public void Should_AgreeWithItself_When_TheCpuComputesTwice(string method) =>
        Assert.InRange(DeviceArithmetic.Difference(Method.On(torch.CPU, method), Method.On(torch.CPU, method)), 0, Tolerance);
}
