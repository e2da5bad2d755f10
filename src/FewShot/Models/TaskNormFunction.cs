using TorchSharp;
using static TorchSharp.torch.autograd;

namespace FewShot.Models;

/// <summary><see cref="TaskNormTensors"/> as a function that libtorch differentiates, to any order.</summary>
internal sealed class TaskNormFunction : SingleTensorFunction<TaskNormFunction>
{
    public override string Name => nameof(TaskNormFunction);

    /// <summary>As <see cref="TaskNorm.Apply"/>, of tensors that fit.</summary>
    public static torch.Tensor Apply(torch.Tensor values, torch.Tensor scale, torch.Tensor shift, long counted) =>
        torch.is_grad_enabled() && (values.requires_grad || scale.requires_grad || shift.requires_grad)
            ? apply(values, scale, shift, counted)
            : TaskNormTensors.Start(values, scale, shift, counted).Forward();

    public override torch.Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var tensors = TaskNormTensors.Start((torch.Tensor)vars[0], (torch.Tensor)vars[1], (torch.Tensor)vars[2], (long)vars[3]);
        ctx.save_for_backward([tensors.Values, tensors.Scale, tensors.Shift, tensors.Mean, tensors.Inverse]);
        ctx.save_data(nameof(TaskNormTensors.Counted), tensors.Counted);
        return tensors.Forward();
    }

    public override List<torch.Tensor> backward(AutogradContext ctx, torch.Tensor grad_output)
    {
        var tensors = Saved(ctx);
        if (torch.is_grad_enabled())
            return [.. Gradient.apply(grad_output.contiguous(), tensors.Values, tensors.Scale, tensors.Shift, tensors.Mean, tensors.Inverse, tensors.Counted), null!];
        var (values, scale, shift) = tensors.Backward(grad_output.contiguous());
        return [values, scale, shift, null!];
    }

    private static TaskNormTensors Saved(AutogradContext ctx)
    {
        var saved = ctx.get_saved_variables();
        return new(saved[0], saved[1], saved[2], saved[3], saved[4], (long)ctx.get_data(nameof(TaskNormTensors.Counted)));
    }

    /// <summary>The gradient, as a function of dy, x, g and b that is differentiated for a meta-gradient of second order.</summary>
    private sealed class Gradient : MultiTensorFunction<Gradient>
    {
        public override string Name => nameof(TaskNormFunction) + nameof(Gradient);

        public override List<torch.Tensor> forward(AutogradContext ctx, params object[] vars)
        {
            var outputGradient = (torch.Tensor)vars[0];
            var tensors = new TaskNormTensors((torch.Tensor)vars[1], (torch.Tensor)vars[2], (torch.Tensor)vars[3], (torch.Tensor)vars[4], (torch.Tensor)vars[5], (long)vars[6]);
            ctx.save_for_backward([tensors.Values, tensors.Scale, tensors.Shift, tensors.Mean, tensors.Inverse, outputGradient]);
            ctx.save_data(nameof(TaskNormTensors.Counted), tensors.Counted);
            var (values, scale, shift) = tensors.Backward(outputGradient);
            return [values, scale, shift];
        }

        public override List<torch.Tensor> backward(AutogradContext ctx, List<torch.Tensor> grad_output)
        {
            var tensors = Saved(ctx);
            var outputGradient = ctx.get_saved_variables()[^1];
            var (output, values, scale) = torch.is_grad_enabled()
                ? Composed(tensors, outputGradient, grad_output)
                : tensors.Twice(outputGradient, grad_output[0].contiguous(), grad_output[1].contiguous(), grad_output[2].contiguous());
            return [output, values, scale, null!, null!, null!, null!];
        }

        /// <summary>Once more differentiable: a third derivative is rare, and need not be fast.</summary>
        private static (torch.Tensor Output, torch.Tensor Values, torch.Tensor Scale) Composed(TaskNormTensors tensors, torch.Tensor outputGradient, List<torch.Tensor> weights)
        {
            torch.Tensor[] inputs = [Differentiable(tensors.Values), Differentiable(tensors.Scale), Differentiable(tensors.Shift)];
            var seed = Differentiable(outputGradient);
            var output = TaskNorm.Compose(inputs[0], inputs[1], inputs[2], tensors.Counted);
            var first = grad([output], inputs, [seed], retain_graph: true, create_graph: true);
            var second = grad(first, [seed, inputs[0], inputs[1]], weights, retain_graph: true, create_graph: true);
            return (second[0], second[1], second[2]);
        }

        /// <summary>One that nothing else comes from: dy may itself come from x and g, which is not this function's to differentiate.</summary>
        private static torch.Tensor Differentiable(torch.Tensor tensor) => tensor.requires_grad ? tensor.view(tensor.shape) : tensor.detach().requires_grad_();
    }
}
