using FewShot.SafeTensors;
using TorchSharp;

namespace FewShot.Models;

/// <summary>Puts a file's tensors, or another network's, into a network, refusing anything that does not fit exactly.</summary>
internal static class ResNetWeights
{
    // BatchNorm's count of training batches: some writers leave it out, and evaluation never reads it.
    private const string Counter = ".num_batches_tracked";
    private const string Head = "fc.";

    public static ResNet Load(IReadOnlyDictionary<string, torch.Tensor> tensors, string path, ResNetOptions options, bool withHead)
    {
        var network = new ResNet(options);
        try
        {
            Dictionary<string, torch.Tensor> Wanted(IEnumerable<KeyValuePair<string, torch.Tensor>> all) =>
                all.Where(entry => withHead || !entry.Key.StartsWith(Head, StringComparison.Ordinal)).ToDictionary();
            NamedTensors.Copy(
                $"{path} ({options.Name})",
                Wanted(tensors),
                Wanted(network.state_dict()),
                name => name.EndsWith(Counter, StringComparison.Ordinal));
            network.eval();
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}
