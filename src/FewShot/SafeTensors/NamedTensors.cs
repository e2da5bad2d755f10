using FewShot.Runtime;
using TorchSharp;

namespace FewShot.SafeTensors;

/// <summary>Copies named tensors from a file to where they belong, all or none.</summary>
internal static class NamedTensors
{
    private const int NamesShown = 5;

    /// <summary>Copies each source to the target of its name, once all of them are known to fit.</summary>
    /// <param name="path">The file that the sources are from, for the message.</param>
    /// <param name="sources">By name, of their target's shape and type.</param>
    /// <param name="targets">By name, on any device.</param>
    /// <param name="optional">Names that the sources may lack; null for none.</param>
    /// <exception cref="FewShotException">A name is missing or not expected, or a shape or type differs;
    /// nothing has changed then.</exception>
    public static void Copy(
        string path,
        IReadOnlyDictionary<string, torch.Tensor> sources,
        IReadOnlyDictionary<string, torch.Tensor> targets,
        Func<string, bool>? optional = null)
    {
        var missing = targets.Keys.Where(name => !sources.ContainsKey(name) && optional?.Invoke(name) != true).ToList();
        var unexpected = sources.Keys.Where(name => !targets.ContainsKey(name)).ToList();
        if (missing.Count + unexpected.Count > 0)
            throw new FewShotException($"{path} does not fit: missing {List(missing)}; not expected {List(unexpected)}.");
        foreach (var (name, source) in sources)
        {
            if (source.dtype != targets[name].dtype || !source.shape.SequenceEqual(targets[name].shape))
                throw new FewShotException($"{path} does not fit: '{name}' is {Describe(source)}, not {Describe(targets[name])}.");
        }

        using var noGradient = torch.no_grad();
        foreach (var (name, source) in sources)
            _ = targets[name].copy_(source);
    }

    private static string Describe(torch.Tensor tensor) => $"{tensor.dtype} [{string.Join(", ", tensor.shape)}]";

    private static string List(List<string> names) =>
        names.Count == 0
            ? "nothing"
            : string.Join(", ", names.Take(NamesShown))
                + (names.Count > NamesShown ? $" and {names.Count - NamesShown} more" : string.Empty);
}
