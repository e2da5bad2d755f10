using System.Text.Json;
using FewShot.Runtime;

namespace FewShot.Models;

/// <summary>What a network knows of its classes, in the metadata of its file.</summary>
internal static class NetworkSpace
{
    private const string Classes = "classes";
    private const string Preprocessing = "preprocessing";
    private const string Weights = "backbone";

    /// <summary>The metadata with what the network knows; what the caller says under the same names is replaced.</summary>
    public static IReadOnlyDictionary<string, string> AddTo(IReadOnlyDictionary<string, string>? metadata, LabelledSpace space)
    {
        var all = new Dictionary<string, string>(metadata ?? new Dictionary<string, string>());
        if (space.ClassNames is not null)
            all[Classes] = JsonSerializer.Serialize(space.ClassNames);
        if (space.Preprocessing is not null)
            all[Preprocessing] = space.Preprocessing;
        if (space.Weights is not null)
            all[Weights] = space.Weights;
        return all;
    }

    /// <summary>What a file says; where it says nothing (a file of another program), what the caller's options say.</summary>
    /// <param name="path">The file, for the message.</param>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="space">Of the network that was built from the options.</param>
    /// <param name="count">Outputs of the network.</param>
    /// <exception cref="FewShotException">The names cannot be read, are not as many as the outputs, or are not those that the options
    /// give.</exception>
    public static LabelledSpace Read(string path, IReadOnlyDictionary<string, string> metadata, LabelledSpace space, int count)
    {
        var read = space with
        {
            Preprocessing = metadata.GetValueOrDefault(Preprocessing),
            Weights = metadata.GetValueOrDefault(Weights),
        };
        if (!metadata.TryGetValue(Classes, out var text))
            return read;
        var names = Parsed(path, text);
        ClassNames.Check(path, names);
        if (names.Length != count)
            throw new FewShotException($"{path} names {names.Length} classes, and its network has {count} outputs: it is damaged.");
        read = read with { ClassNames = names };
        space.RequireSameClasses("The network that was asked for", read, path);
        return read;
    }

    private static string[] Parsed(string path, string text)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(text) ?? throw new JsonException("they are null");
        }
        catch (JsonException e)
        {
            throw new FewShotException($"{path}: the names of the classes in its header cannot be read: {e.Message}", e);
        }
    }
}
