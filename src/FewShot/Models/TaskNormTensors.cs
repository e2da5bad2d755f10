using System.Numerics;
using TorchSharp;

namespace FewShot.Models;

/// <summary>The passes of <see cref="TaskNormKernel{T}"/> over contiguous tensors of many tasks. Not differentiable.</summary>
/// <param name="Values">x, T x R x C.</param>
/// <param name="Scale">g, T x C.</param>
/// <param name="Shift">b, T x C.</param>
/// <param name="Mean">m, T x C.</param>
/// <param name="Inverse">s, T x C.</param>
/// <param name="Counted">Leading rows that count.</param>
internal sealed record TaskNormTensors(torch.Tensor Values, torch.Tensor Scale, torch.Tensor Shift, torch.Tensor Mean, torch.Tensor Inverse, long Counted)
{
    private int Tasks => (int)Values.shape[0];

    private bool IsSingle => Values.dtype == torch.ScalarType.Float32;

    /// <summary>With statistics that are still to be computed.</summary>
    public static TaskNormTensors Start(torch.Tensor values, torch.Tensor scale, torch.Tensor shift, long counted) =>
        new(values, scale, shift, scale.new_empty(scale.shape), scale.new_empty(scale.shape), counted);

    /// <summary>Writes the statistics.</summary>
    /// <returns>y.</returns>
    public torch.Tensor Forward()
    {
        var output = Values.new_empty(Values.shape);
        if (IsSingle)
            Run<float>();
        else
            Run<double>();
        return output;

        void Run<T>()
            where T : unmanaged, INumberBase<T>
        {
            for (var task = 0; task < Tasks; task++)
                Kernel<T>(task).Forward(Part<T>(output, task), TaskNorm.Epsilon);
            GC.KeepAlive(this);
        }
    }

    /// <summary>The gradients towards x, g and b.</summary>
    /// <param name="outputGradient">dy, contiguous.</param>
    public (torch.Tensor Values, torch.Tensor Scale, torch.Tensor Shift) Backward(torch.Tensor outputGradient)
    {
        var (values, scale, shift) = (Values.new_empty(Values.shape), Scale.new_empty(Scale.shape), Scale.new_empty(Scale.shape));
        if (IsSingle)
            Run<float>();
        else
            Run<double>();
        return (values, scale, shift);

        void Run<T>()
            where T : unmanaged, INumberBase<T>
        {
            for (var task = 0; task < Tasks; task++)
                Kernel<T>(task).Backward(Part<T>(outputGradient, task), Part<T>(values, task), Part<T>(scale, task), Part<T>(shift, task));
            GC.KeepAlive((this, outputGradient));
        }
    }

    /// <summary>The gradients of <see cref="Backward"/>'s results, weighted, towards dy, x and g; towards b it is 0.</summary>
    /// <param name="outputGradient">dy, contiguous.</param>
    /// <param name="p">Weights of the gradient towards x; all three contiguous.</param>
    /// <param name="q">Those of the gradient towards g.</param>
    /// <param name="w">Those of the gradient towards b.</param>
    public (torch.Tensor Output, torch.Tensor Values, torch.Tensor Scale) Twice(torch.Tensor outputGradient, torch.Tensor p, torch.Tensor q, torch.Tensor w)
    {
        var (output, values, scale) = (Values.new_empty(Values.shape), Values.new_empty(Values.shape), Scale.new_empty(Scale.shape));
        if (IsSingle)
            Run<float>();
        else
            Run<double>();
        return (output, values, scale);

        void Run<T>()
            where T : unmanaged, INumberBase<T>
        {
            for (var task = 0; task < Tasks; task++)
                Kernel<T>(task).Twice(Part<T>(outputGradient, task), Part<T>(p, task), Part<T>(q, task), Part<T>(w, task), Part<T>(output, task), Part<T>(values, task), Part<T>(scale, task));
            GC.KeepAlive((this, outputGradient, p, q, w));
        }
    }

    private TaskNormKernel<T> Kernel<T>(int task)
        where T : unmanaged, INumberBase<T> =>
        new((int)Counted, Part<T>(Values, task), Part<T>(Scale, task), Part<T>(Shift, task), Part<T>(Mean, task), Part<T>(Inverse, task));

    /// <summary>What belongs to one task.</summary>
    private Span<Vector<T>> Part<T>(torch.Tensor tensor, int task)
        where T : unmanaged
    {
        var all = CpuSpans.Vectors<T>(tensor);
        var length = all.Length / Tasks;
        return all.Slice(task * length, length);
    }
}
