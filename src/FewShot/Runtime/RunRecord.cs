using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using TorchSharp;

namespace FewShot.Runtime;

/// <summary>Everything needed to tell where a result came from, and to make it again.</summary>
public sealed record RunRecord
{
    private const long LargestFile = 16 << 20;

    /// <summary>The value of an entry that an older record does not have.</summary>
    public const string NotRecorded = "not recorded";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>What was run: "CIFAR-10, 50 per class, linear probe at 128 px".</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The command line that makes it again, as it is typed in the folder of the course; null where it was made by no command, as
    /// in a notebook. See <see cref="CommandLine"/>.
    /// </summary>
    public string? Command { get; init; }

    /// <summary>
    /// In words: what was trained on, what was chosen on what, and what was judged on what; null where the record is of no measurement.
    /// </summary>
    public string? Protocol { get; init; }

    /// <summary>When it was made, in UTC.</summary>
    public required DateTimeOffset Made { get; init; }

    /// <summary>The version of the library.</summary>
    public required string Library { get; init; }

    /// <summary>The commit the library was built from, or "unknown".</summary>
    public required string Commit { get; init; }

    /// <summary>
    /// "clean" where the sources that the library was built from were those of <see cref="Commit"/>, "changed" where they were not,
    /// "unknown" where git could not be asked.
    /// </summary>
    public string WorkingTree { get; init; } = NotRecorded;

    /// <summary>Versions of the packages that compute, by name; see <see cref="ComputingPackages"/>.</summary>
    public IReadOnlyDictionary<string, string> Packages { get; init; } = new Dictionary<string, string>();

    /// <summary>The version of .NET.</summary>
    public required string DotNet { get; init; }

    /// <summary>Operating system and processor architecture.</summary>
    public required string Platform { get; init; }

    /// <summary>The processor by name, with the number of cores; see <see cref="Runtime.Processor"/>.</summary>
    public string Processor { get; init; } = NotRecorded;

    /// <summary>What computed: "cpu" or "cuda".</summary>
    public required string Device { get; init; }

    /// <summary>Threads libtorch computes with on the CPU.</summary>
    public required int Threads { get; init; }

    /// <summary>SHA-256 of each data set used, by its name.</summary>
    public IReadOnlyDictionary<string, string> Data { get; init; } = new Dictionary<string, string>();

    /// <summary>What the weights are, or null where none were loaded.</summary>
    public string? Weights { get; init; }

    /// <summary>SHA-256 of the weights, or null.</summary>
    public string? WeightsDigest { get; init; }

    /// <summary>True where generated images stood in for the real ones.</summary>
    public bool UsesStandIn { get; init; }

    /// <summary>Every seed, by what it decides: "weights and training episodes" 0. Empty where nothing was random.</summary>
    public IReadOnlyDictionary<string, long> Seeds { get; init; } = new Dictionary<string, long>();

    /// <summary>Seconds it took.</summary>
    public double Seconds { get; init; }

    /// <summary>The settings, by name; see <see cref="OptionsFrom"/>.</summary>
    public IReadOnlyDictionary<string, JsonElement> Options { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>The figures, by name: "accuracy" 0.767, "accuracy low" 0.758, "images" 10000.</summary>
    public IReadOnlyDictionary<string, double> Results { get; init; } = new Dictionary<string, double>();

    /// <summary>A record of this machine and these versions, to be completed with <c>with { ... }</c>.</summary>
    public static RunRecord Capture(string name)
    {
        return new RunRecord
        {
            Name = name,
            Command = CommandLine.Current,
            Made = DateTimeOffset.UtcNow,
            Library = BuildStamp.Version,
            Commit = BuildStamp.Commit,
            WorkingTree = BuildStamp.WorkingTree,
            Packages = ComputingPackages.Versions,
            DotNet = RuntimeInformation.FrameworkDescription,
            Platform = $"{RuntimeInformation.OSDescription} {RuntimeInformation.ProcessArchitecture}",
            Processor = Runtime.Processor.Description,
            Device = Torch.Device.type.ToString().ToLowerInvariant(),
            Threads = torch.get_num_threads(),
        };
    }

    /// <summary>The public properties of an options record as named values.</summary>
    /// <exception cref="FewShotException">The options are not an object with properties that JSON can hold.</exception>
    public static IReadOnlyDictionary<string, JsonElement> OptionsFrom<T>(T options)
    {
        try
        {
            var element = JsonSerializer.SerializeToElement(options, Json);
            if (element.ValueKind == JsonValueKind.Object)
                return element.EnumerateObject().ToDictionary(property => property.Name, property => property.Value);
        }
        catch (NotSupportedException e)
        {
            throw new FewShotException($"{typeof(T).Name} cannot be written as settings: {e.Message}", e);
        }

        throw new FewShotException($"{typeof(T).Name} cannot be written as settings: it is not an object with properties.");
    }

    /// <summary>Writes it as JSON, whole or not at all.</summary>
    public void Write(string path) => AtomicFile.WriteText(path, ToJson() + "\n");

    /// <summary>The record as JSON, to be kept inside another file; <see cref="Parse"/> reads it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads a record from its JSON.</summary>
    /// <param name="json">What <see cref="ToJson"/> gave.</param>
    /// <param name="source">Where the text is from, for the message.</param>
    /// <exception cref="FewShotException">The text is not a run record; the message says where.</exception>
    public static RunRecord Parse(string json, string source)
    {
        try
        {
            return JsonSerializer.Deserialize<RunRecord>(json, Json)
                ?? throw new FewShotException($"{source} is not a run record: it holds null.");
        }
        catch (JsonException e)
        {
            throw new FewShotException($"{source} is not a run record: {e.Message}", e);
        }
    }

    /// <summary>Reads a record.</summary>
    /// <exception cref="FewShotException">The file is missing, too large, or not a run record; the message says where.</exception>
    public static RunRecord Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > LargestFile)
                throw new FewShotException($"{path} is {stream.Length:N0} bytes long: too much for a run record.");
            return JsonSerializer.Deserialize<RunRecord>(stream, Json)
                ?? throw new FewShotException($"{path} is not a run record: it holds null.");
        }
        catch (JsonException e)
        {
            throw new FewShotException($"{path} is not a run record: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new FewShotException($"The run record {path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>One line: name, figures, seeds, data, weights, device, seconds, commit.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        parts.AddRange(Results.Select(result => string.Create(CultureInfo.InvariantCulture, $"{result.Key} {result.Value:0.####}")));
        if (UsesStandIn)
            parts.Add("stand-in");
        parts.AddRange(Seeds.Select(seed => string.Create(CultureInfo.InvariantCulture, $"seed of {seed.Key} {seed.Value}")));
        parts.AddRange(Data.Select(data => $"{data.Key} {Short(data.Value)}"));
        if (Weights is not null)
            parts.Add(WeightsDigest is null ? Weights : $"{Weights} {Short(WeightsDigest)}");
        parts.Add(string.Create(CultureInfo.InvariantCulture, $"{Device} ({Threads} threads)"));
        parts.Add(string.Create(CultureInfo.InvariantCulture, $"{Seconds:0.0} s"));
        parts.Add($"commit {Short(Commit)}{(WorkingTree == BuildStamp.Changed ? ", changed" : string.Empty)}");
        return $"{Name}: {string.Join("; ", parts)}";
    }

    private static string Short(string digest) => digest.Length > 8 ? digest[..8] : digest;
}
