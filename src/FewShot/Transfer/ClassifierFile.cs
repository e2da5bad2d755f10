using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FewShot.Heads;
using FewShot.Runtime;
using FewShot.SafeTensors;
using TorchSharp;

namespace FewShot.Transfer;

/// <summary>
/// A classifier as a safetensors file: the head, the features of its examples where there are few enough, and in the metadata its card, its
/// record, and a digest of all of it.
/// </summary>
internal static class ClassifierFile
{
    private const string Format = "FewShot classifier 2";
    private const string FormatKey = "format", CardKey = "card", RecordKey = "record", ContentKey = "content-sha256";
    private const string Weight = "weight", Bias = "bias", Mean = "mean", Divisor = "divisor", Features = "features", Labels = "labels";
    private const long LargestFile = 64 << 20;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static void Write(string path, ClassifierState state)
    {
        var tensors = new Dictionary<string, torch.Tensor>
        {
            [Weight] = state.Head.Weight,
            [Bias] = state.Head.Bias,
            [Mean] = state.Head.Transform.Mean,
            [Divisor] = state.Head.Transform.Divisor,
        };
        if (state is { Features: { } features, Labels: { } labels })
            (tensors[Features], tensors[Labels]) = (features, labels);
        var (card, record) = (JsonSerializer.Serialize(state.Card, Json), state.Record.ToJson());
        TensorFile.Write(path, tensors, new Dictionary<string, string>
        {
            [FormatKey] = Format,
            [CardKey] = card,
            [RecordKey] = record,
            [ContentKey] = Digest(card, record, tensors),
        });
    }

    /// <exception cref="FewShotException">The file is missing, is no classifier, or is damaged.</exception>
    public static ClassifierState Read(string path)
    {
        var info = new FileInfo(path);
        if (!info.Exists)
            throw new FewShotException($"{path} is missing: give a classifier that 'fewshot train' or Classifier.Save wrote.");
        if (info.Length > LargestFile)
            throw NoClassifier(path, $"it is {info.Length:N0} bytes long");
        using var file = Open(path);
        if (file.Metadata.GetValueOrDefault(FormatKey) != Format)
            throw NoClassifier(path, $"its header does not say '{Format}'");
        var (card, record) = (Text(file, CardKey), Text(file, RecordKey));
        if (Text(file, ContentKey) != Digest(card, record, file.Tensors))
            throw new FewShotException($"{path} is damaged: its bytes are not those that were written. Copy it again, or train it again.");
        return State(file, Card(path, card), RunRecord.Parse(record, $"The record in {path}"));
    }

    private static TensorFile Open(string path)
    {
        try
        {
            return TensorFile.Read(path);
        }
        catch (FewShotException e)
        {
            throw new FewShotException($"{path} is no classifier, or it is damaged. {e.Message}", e);
        }
    }

    private static string Text(TensorFile file, string key) => file.Metadata.TryGetValue(key, out var text)
        ? text
        : throw NoClassifier(file.Path, $"its header has no '{key}'");

    private static ClassifierCard Card(string path, string text)
    {
        try
        {
            var card = JsonSerializer.Deserialize<ClassifierCard>(text, Json) ?? throw new JsonException("it is null");
            card.Check(path);
            return card;
        }
        catch (JsonException e)
        {
            throw new FewShotException($"{path} is no classifier: the card in its header cannot be read: {e.Message}", e);
        }
    }

    private static ClassifierState State(TensorFile file, ClassifierCard card, RunRecord record)
    {
        long classes = card.ClassNames.Count, features = card.FeatureCount, examples = card.ExampleCount();
        var divisorLength = file.Tensors.TryGetValue(Divisor, out var found) && found.numel() == 1 ? 1 : features;
        var weight = Tensor(file, Weight, torch.ScalarType.Float64, classes, features);
        var bias = Tensor(file, Bias, torch.ScalarType.Float64, classes);
        var mean = Tensor(file, Mean, torch.ScalarType.Float64, 1, features);
        var divisor = Tensor(file, Divisor, torch.ScalarType.Float64, 1, divisorLength);
        if (divisor.data<double>().Any(value => value <= 0))
            throw NoClassifier(file.Path, $"'{Divisor}' holds a value that is not above 0");
        torch.Tensor? kept = null, labels = null;
        if (file.Tensors.ContainsKey(Features))
        {
            kept = Tensor(file, Features, torch.ScalarType.Float32, examples, features);
            labels = Tensor(file, Labels, torch.ScalarType.Int64, examples);
            var counts = labels.data<long>().ToArray().CountBy(label => label).ToDictionary();
            if (counts.Count != classes || card.Examples.Index().Any(entry => counts.GetValueOrDefault(entry.Index) != entry.Item))
                throw NoClassifier(file.Path, "its labels are not those of its classes");
        }

        var head = new LinearHead(
            new FeatureTransform(mean.clone(), divisor.clone(), card.Normalises, squareRoot: false),
            weight.clone(),
            bias.clone(),
            new LabelledSpace(card.ClassNames, card.FeatureCount, card.Preprocessing, card.BackboneDigest));
        return new ClassifierState(card, record, head, kept?.clone(), labels?.clone());
    }

    private static torch.Tensor Tensor(TensorFile file, string name, torch.ScalarType type, params long[] shape)
    {
        if (!file.Tensors.TryGetValue(name, out var tensor) || tensor.dtype != type || !tensor.shape.SequenceEqual(shape))
            throw NoClassifier(file.Path, $"'{name}' is missing, or not {type} [{string.Join(", ", shape)}]");
        using var scope = torch.NewDisposeScope();
        return !tensor.is_floating_point() || tensor.isfinite().all().item<bool>()
            ? tensor
            : throw NoClassifier(file.Path, $"'{name}' holds a value that is not a number");
    }

    private static string Digest(string card, string record, IReadOnlyDictionary<string, torch.Tensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Append(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.LongLength));
            hash.AppendData(bytes);
        }

        Append(card);
        Append(record);
        foreach (var (name, tensor) in tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            using var scope = torch.NewDisposeScope();
            Append($"{name} {tensor.dtype} {string.Join(' ', tensor.shape)}");
            if (tensor.numel() > 0)
                hash.AppendData(tensor.contiguous().bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static FewShotException NoClassifier(string path, string fault) =>
        new($"{path} is no classifier that this version reads: {fault}. Give a file that 'fewshot train' or Classifier.Save wrote.");
}
