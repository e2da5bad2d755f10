using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using FewShot.Runtime;
using FewShot.SafeTensors;
using TorchSharp;

namespace FewShot.Meta;

/// <summary>Identifies a training, so that it never resumes from the checkpoint of another one.</summary>
/// <param name="Learner">Method, model and settings.</param>
/// <param name="Start">Digest of the weights it began with.</param>
/// <param name="Options">Settings of the training.</param>
/// <param name="Training">Its tasks.</param>
/// <param name="Validation">The tasks that choose the best weights, or null.</param>
internal sealed record MetaIdentity(string Learner, string Start, string Options, string Training, string? Validation);

/// <summary>How far a training has come. What it draws is a function of seeds and the iteration: there is no generator to keep.</summary>
/// <param name="Iteration">Meta-batches done.</param>
/// <param name="LossSum">Of the meta-batches since the last point of the history.</param>
/// <param name="History">The points of the history so far.</param>
internal sealed record MetaPosition(long Iteration, double LossSum, IReadOnlyList<MetaPoint> History);

/// <summary>A meta-training as a safetensors file; position and identity as JSON in its header.</summary>
internal static class MetaCheckpoint
{
    private const string Run = "meta-training";
    private const string Position = "position";
    private static readonly JsonSerializerOptions Json = new()
    {
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.Strict,
    };

    public static void Write(
        string path, MetaIdentity identity, MetaPosition position, IReadOnlyDictionary<string, torch.Tensor> tensors) =>
        TensorFile.Write(path, tensors, new Dictionary<string, string>
        {
            [Run] = JsonSerializer.Serialize(identity, Json),
            [Position] = JsonSerializer.Serialize(position, Json),
        });

    /// <summary>Checks everything, then copies it into place.</summary>
    public static MetaPosition Read(string path, MetaIdentity identity, IReadOnlyDictionary<string, torch.Tensor> targets)
    {
        using var file = TensorFile.Read(path);
        if (!file.Metadata.TryGetValue(Run, out var run) || !file.Metadata.TryGetValue(Position, out var text))
            throw new FewShotException($"{path} is not a checkpoint of meta-training: its header lacks '{Run}' or '{Position}'.");
        if (run != JsonSerializer.Serialize(identity, Json))
        {
            throw new FewShotException(
                $"{path} belongs to a training with another learner, other first weights, tasks or settings. "
                + "Delete it to start afresh, or go on with what it was made with.");
        }

        var position = Parse(path, text);
        NamedTensors.Copy(path, file.Tensors, targets);
        return position;
    }

    /// <summary>SHA-256 of all that is learned.</summary>
    public static string Digest(EpisodicLearner learner)
    {
        using var scope = torch.NewDisposeScope();
        return Convert.ToHexStringLower(SHA256.HashData(learner.MetaParameters.Flat.detach().cpu().bytes));
    }

    /// <summary>Settings as JSON: the text of a record writes numbers as the user's language does.</summary>
    public static string Text(object options) => JsonSerializer.Serialize(options, options.GetType(), Json);

    private static MetaPosition Parse(string path, string text)
    {
        try
        {
            var position = JsonSerializer.Deserialize<MetaPosition>(text, Json) ?? throw new JsonException("it is null");
            return position.Iteration >= 0 && position.History.All(point => point is not null && point.Iteration <= position.Iteration)
                ? position
                : throw new JsonException("its iterations are out of range");
        }
        catch (JsonException e)
        {
            throw new FewShotException($"{path} is not a checkpoint of meta-training: its position cannot be read: {e.Message}.", e);
        }
    }
}
