using System.Security.Cryptography;
using System.Text.Json;
using FewShot.Runtime;
using FewShot.SafeTensors;
using TorchSharp;

namespace FewShot.Transfer;

/// <summary>A feature bank as a safetensors file: two tensors, and in the metadata what they are and a digest of their bytes.</summary>
internal static class FeatureBankFile
{
    private const string Views = "views";
    private const string Labels = "labels";
    private const string Source = "source";
    private const string Name = "name";
    private const string Classes = "classes";
    private const string StandIn = "stand-in";
    private const string Content = "content-sha256";

    public static void Write(string path, FeatureBank bank) => TensorFile.Write(
        path,
        new Dictionary<string, torch.Tensor> { [Views] = bank.Views, [Labels] = bank.Labels },
        new Dictionary<string, string>
        {
            [Source] = JsonSerializer.Serialize(bank.Source),
            [Name] = bank.Name,
            [Classes] = JsonSerializer.Serialize(bank.ClassNames),
            [StandIn] = JsonSerializer.Serialize(bank.IsStandIn),
            [Content] = Digest(bank.Views, bank.Labels),
        });

    public static FeatureBank Read(string path, FeatureSource? expected)
    {
        using var file = TensorFile.Read(path);
        string Text(string key) => file.Metadata.TryGetValue(key, out var text)
            ? text
            : throw new FewShotException($"{path} is not a feature bank: its header has no '{key}'. Delete it.");
        torch.Tensor Tensor(string key, torch.ScalarType type, int dimensions) =>
            file.Tensors.TryGetValue(key, out var tensor) && tensor.dtype == type && tensor.dim() == dimensions
                ? tensor
                : throw new FewShotException(
                    $"{path} is not a feature bank: '{key}' is missing, or not {type} with {dimensions} dimensions. Delete it.");
        T Parsed<T>(string key)
        {
            try
            {
                return JsonSerializer.Deserialize<T>(Text(key)) ?? throw new JsonException("it is null");
            }
            catch (JsonException e)
            {
                throw new FewShotException(
                    $"{path} is not a feature bank: '{key}' in its header cannot be read: {e.Message}. Delete it.",
                    e);
            }
        }

        var source = Parsed<FeatureSource>(Source);
        if (expected is not null && source != expected)
            throw new FewShotException($"{path} was made from something else: {Difference(source, expected)}.");
        var (views, labels) = (Tensor(Views, torch.ScalarType.Float32, 3), Tensor(Labels, torch.ScalarType.Int64, 1));
        if (Text(Content) != Digest(views, labels))
            throw new FewShotException($"{path} is damaged: its bytes are not those that were written. Delete it.");
        var classes = Parsed<string[]>(Classes);
        if (labels.shape[0] != views.shape[1] || labels.data<long>().Any(label => label < 0 || label >= classes.Length))
        {
            throw new FewShotException(
                $"{path} is not a feature bank: "
                + $"{labels.shape[0]} labels do not fit {views.shape[1]} images and {classes.Length} classes. Delete it.");
        }

        ClassNames.Check(path, classes);
        return new FeatureBank(Text(Name), views.clone(), labels.clone(), classes, source, Parsed<bool>(StandIn));
    }

    private static string Difference(FeatureSource found, FeatureSource expected) => string.Join("; ",
        new (string What, string Found, string Expected)[]
        {
            ("images", found.Data, expected.Data),
            ("weights", found.Weights, expected.Weights),
            ("preprocessing", found.Preprocessing, expected.Preprocessing),
            ("views", found.Views, expected.Views),
            ("device", found.Device, expected.Device),
        }
        .Where(part => part.Found != part.Expected)
        .Select(part => $"{part.What} '{part.Found}' where '{part.Expected}' was asked for"));

    private static string Digest(torch.Tensor views, torch.Tensor labels)
    {
        using var scope = torch.NewDisposeScope();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(views.contiguous().bytes);
        hash.AppendData(labels.contiguous().bytes);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
