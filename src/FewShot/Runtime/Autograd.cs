using System.Runtime.InteropServices;
using TorchSharp;

namespace FewShot.Runtime;

/// <summary>
/// Gradients whose errors can be caught. TorchSharp's <c>torch.autograd.grad</c> lets an error of libtorch end the whole process;
/// <c>torch.autograd.backward</c> turns the same error into an exception, and is used here.
/// </summary>
public static class Autograd
{
    private static bool warned;

    /// <summary>
    /// The gradient of a loss with respect to each input, as <c>torch.autograd.grad</c> gives it: the inputs' own
    /// <c>grad</c> stays as it was.
    /// </summary>
    /// <param name="loss">One value.</param>
    /// <param name="inputs">Leaves, or results of earlier steps, that require a gradient.</param>
    /// <param name="createGraph">Whether the gradients can be differentiated again; the graph of the loss is kept then.</param>
    /// <param name="names">What to call the inputs in an error; null numbers them.</param>
    /// <returns>One tensor for each input, of its shape; the caller's.</returns>
    /// <exception cref="FewShotException">The loss does not depend on an input, or libtorch cannot differentiate
    /// it: the message says why.</exception>
    public static torch.Tensor[] Gradients(
        torch.Tensor loss, IReadOnlyList<torch.Tensor> inputs, bool createGraph = false, IReadOnlyList<string>? names = null)
    {
        var gradients = GradientsWhereUsed(loss, inputs, createGraph);
        for (var index = 0; index < gradients.Length; index++)
        {
            if (gradients[index] is null)
            {
                var name = names?[index] ?? $"input {index + 1} of {inputs.Count}";
                throw new FewShotException(
                    $"The loss does not depend on {name} [{string.Join(", ", inputs[index].shape)}]: "
                    + "use it on the way to the loss, or leave it out.");
            }
        }

        return [.. gradients.Select(gradient => gradient!)];
    }

    /// <summary>As <see cref="Gradients"/>, with null for an input that the loss does not depend on.</summary>
    /// <inheritdoc cref="Gradients"/>
    internal static torch.Tensor?[] GradientsWhereUsed(torch.Tensor loss, IReadOnlyList<torch.Tensor> inputs, bool createGraph = false)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(inputs);
        if (torch.is_inference_mode_enabled())
            throw new FewShotException("There are no gradients inside torch.inference_mode(): leave it before the forward pass.");
        if (!loss.requires_grad)
        {
            throw new FewShotException(
                "The loss has no gradient: its weights do not require one, "
                + "it was computed under torch.no_grad(), or a detach() or item() cut it off.");
        }

        // backward adds to a gradient that an input already has, so that one is set aside until the end. Only leaves keep a gradient
        // without being asked to.
        var before = inputs.Select(input => input.is_leaf ? Taken(input) : null).ToArray();
        try
        {
            Backward(loss, inputs, createGraph);
            return [.. inputs.Select(Taken)];
        }
        catch (ExternalException e)
        {
            throw new FewShotException($"libtorch cannot differentiate the loss: {e.Message.Split('\n')[0].TrimEnd('.')}.", e);
        }
        finally
        {
            foreach (var (input, gradient) in inputs.Zip(before).Where(pair => pair.Second is not null))
                input.grad = gradient;
        }
    }

    private static void Backward(torch.Tensor loss, IReadOnlyList<torch.Tensor> inputs, bool createGraph)
    {
        void Run() => torch.autograd.backward([loss], retain_graph: createGraph, create_graph: createGraph, inputs: [.. inputs]);
        // libtorch warns, once, of gradients that hang on their inputs and keep them alive. Here they are taken off at once.
        if (createGraph && !Interlocked.Exchange(ref warned, true))
            LibtorchLog.WithoutWarnings(Run);
        else
            Run();
    }

    /// <summary>The input's own gradient, which then no longer hangs on it: the two would keep each other alive.</summary>
    private static torch.Tensor? Taken(torch.Tensor input)
    {
        if (input.grad is not { IsInvalid: false } gradient)
            return null;
        input.grad = null;
        return gradient;
    }
}
