using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Models;

/// <summary>Puts a file's tensors, or another network's, into a network, refusing anything that does not fit exactly.</summary>
internal static class ResNetWeights
{
    // BatchNorm's count of training batches: some writers leave it out, and evaluation never reads it.
    private const string Counter = ".num_batches_tracked";
    private const string Head = "fc.";
    private const int NamesShown = 5;

    public static ResNet Load(IReadOnlyDictionary<string, torch.Tensor> tensors, string path, ResNetOptions options, bool withHead)
    {
        var network = new ResNet(options);
        try
        {
            Copy(tensors, path, network, options.Name, withHead);
            network.eval();
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static void Copy(IReadOnlyDictionary<string, torch.Tensor> tensors, string path, ResNet network, string name, bool withHead)
    {
        var state = network.state_dict();
        bool Wanted(string key) => withHead || !key.StartsWith(Head, StringComparison.Ordinal);
        var missing = state.Keys.Where(key => Wanted(key) && !key.EndsWith(Counter, StringComparison.Ordinal) && !tensors.ContainsKey(key)).ToList();
        var unexpected = tensors.Keys.Where(key => Wanted(key) && !state.ContainsKey(key)).ToList();
        if (missing.Count + unexpected.Count > 0)
            throw new FewShotException($"{path} does not hold the weights of {name}: missing {List(missing)}; not expected {List(unexpected)}.");
        using var noGradient = torch.no_grad();
        foreach (var (key, target) in state.Where(pair => Wanted(pair.Key)))
        {
            if (!tensors.TryGetValue(key, out var source))
                continue;
            if (source.dtype != target.dtype || !source.shape.SequenceEqual(target.shape))
                throw new FewShotException($"{path}: '{key}' is {Describe(source)}; {name} needs {Describe(target)}.");
            _ = target.copy_(source);
        }
    }

    private static string Describe(torch.Tensor tensor) => $"{tensor.dtype} of shape [{string.Join(", ", tensor.shape)}]";

    private static string List(List<string> keys) =>
        keys.Count == 0 ? "nothing" : string.Join(", ", keys.Take(NamesShown)) + (keys.Count > NamesShown ? $" and {keys.Count - NamesShown} more" : string.Empty);
}
