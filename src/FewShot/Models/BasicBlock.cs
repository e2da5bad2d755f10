using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace FewShot.Models;

/// <summary>
/// Two 3x3 convolutions with BatchNorm and a shortcut around them (He et al. 2016, figure 5 left), under torchvision's names.
/// </summary>
internal sealed class BasicBlock : Module<torch.Tensor, torch.Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Sequential? downsample;

    public BasicBlock(int inputs, int outputs, int stride)
        : base(nameof(BasicBlock))
    {
        conv1 = Convolution(inputs, outputs, 3, stride);
        bn1 = BatchNorm2d(outputs);
        conv2 = Convolution(outputs, outputs, 3, 1);
        bn2 = BatchNorm2d(outputs);
        if (stride != 1 || inputs != outputs)
            downsample = Sequential(("0", Convolution(inputs, outputs, 1, stride)), ("1", BatchNorm2d(outputs)));
        RegisterComponents();
    }

    public FrozenBlock Freeze(torch.Device device) => new(
        new FrozenConvolution(conv1, bn1, device),
        new FrozenConvolution(conv2, bn2, device),
        downsample is null ? null : new FrozenConvolution((Conv2d)downsample[0], (BatchNorm2d)downsample[1], device));

    public override torch.Tensor forward(torch.Tensor input)
    {
        using var scope = torch.NewDisposeScope();
        var shortcut = downsample is null ? input : downsample.call(input);
        var hidden = bn1.call(conv1.call(input)).relu_();
        return bn2.call(conv2.call(hidden)).add_(shortcut).relu_().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// A convolution without bias (BatchNorm brings one), initialised as torchvision does: Kaiming normal over the fan-out.
    /// </summary>
    internal static Conv2d Convolution(int inputs, int outputs, int kernel, int stride)
    {
        var convolution = Conv2d(inputs, outputs, kernel, stride, padding: kernel / 2, bias: false);
        _ = init.kaiming_normal_(convolution.weight, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
        return convolution;
    }
}
