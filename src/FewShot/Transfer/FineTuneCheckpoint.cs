using System.Text.Json;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.SafeTensors;
using TorchSharp;

namespace FewShot.Transfer;

/// <summary>Identifies a run, so that it never resumes from the checkpoint of another one.</summary>
/// <param name="Options">Its settings.</param>
/// <param name="Start">Digest of the weights it began with.</param>
/// <param name="Training">Digest of the training images.</param>
/// <param name="Validation">Digest of the validation images, or null.</param>
internal sealed record FineTuneIdentity(FineTunerOptions Options, string Start, string Training, string? Validation);

/// <summary>
/// A fine-tuning run as a safetensors file: weights, running averages, the best epoch's weights; history and identity
/// as JSON in its header.
/// </summary>
internal static class FineTuneCheckpoint
{
    private const string Run = "run";
    private const string History = "history";
    private const string Weights = "weights ";
    private const string Optimizer = "optimizer ";
    private const string Best = "best ";

    public static void Write(
        string path,
        FineTuneIdentity identity,
        ResNet network,
        ResumableOptimizer optimizer,
        IReadOnlyDictionary<string, torch.Tensor> best,
        IReadOnlyList<FineTuneEpoch> history)
    {
        var tensors = Prefixed(Weights, network.state_dict())
            .Concat(Prefixed(Optimizer, optimizer.Averages))
            .Concat(Prefixed(Best, best))
            .ToDictionary();
        TensorFile.Write(path, tensors, new Dictionary<string, string>
        {
            [Run] = JsonSerializer.Serialize(identity),
            [History] = JsonSerializer.Serialize(history),
        });
    }

    /// <summary>Checks everything, then copies it into place; the optimizer is not yet told how many steps it has made.</summary>
    /// <returns>The epochs done.</returns>
    public static IReadOnlyList<FineTuneEpoch> Read(
        string path, FineTuneIdentity identity, ResNet network, ResumableOptimizer optimizer, Dictionary<string, torch.Tensor> best)
    {
        using var file = TensorFile.Read(path);
        if (!file.Metadata.TryGetValue(Run, out var run) || !file.Metadata.TryGetValue(History, out var text))
            throw new FewShotException($"{path} is not a checkpoint of fine-tuning: its header lacks '{Run}' or '{History}'.");
        if (run != JsonSerializer.Serialize(identity))
        {
            throw new FewShotException(
                $"{path} belongs to a run with other weights, images or settings. "
                + "Delete it to start afresh, or go on with what it was made with.");
        }

        var history = Parse(path, text);
        var targets = Prefixed(Weights, network.state_dict()).Concat(Prefixed(Optimizer, optimizer.Averages)).ToDictionary();
        var kept = file.Tensors.Where(entry => entry.Key.StartsWith(Best, StringComparison.Ordinal)).ToList();
        var stray = kept.FirstOrDefault(entry =>
            !file.Tensors.TryGetValue(Weights + entry.Key[Best.Length..], out var tensor) || !Same(tensor, entry.Value));
        if (stray.Key is not null)
            throw new FewShotException($"{path} does not fit this network: '{stray.Key}' is not of it.");

        NamedTensors.Copy(path, file.Tensors.Except(kept).ToDictionary(), targets);
        foreach (var old in best.Values)
            old.Dispose();
        best.Clear();
        foreach (var (name, tensor) in kept)
            best.Add(name[Best.Length..], tensor.to(Torch.Device, copy: true).DetachFromDisposeScope());
        return history;
    }

    private static bool Same(torch.Tensor one, torch.Tensor other) => one.dtype == other.dtype && one.shape.SequenceEqual(other.shape);

    private static IEnumerable<KeyValuePair<string, torch.Tensor>> Prefixed(
        string prefix, IEnumerable<KeyValuePair<string, torch.Tensor>> tensors) =>
        tensors.Select(entry => new KeyValuePair<string, torch.Tensor>(prefix + entry.Key, entry.Value));

    private static FineTuneEpoch[] Parse(string path, string text)
    {
        try
        {
            var history = JsonSerializer.Deserialize<FineTuneEpoch[]>(text) ?? throw new JsonException("it is null");
            return history.Select(epoch => epoch?.Epoch).SequenceEqual(Enumerable.Range(1, history.Length).Select(i => (int?)i))
                ? history
                : throw new JsonException("its epochs are not 1, 2, 3 and so on");
        }
        catch (JsonException e)
        {
            throw new FewShotException($"{path} is not a checkpoint of fine-tuning: its history cannot be read: {e.Message}.", e);
        }
    }
}
