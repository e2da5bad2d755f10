using System.Globalization;
using System.Text.Json.Nodes;

namespace FewShot.Notebooks.Tests.Readme;

/// <summary>Figures stand in README.md as records, manifest and notebook give them, and in no other way.</summary>
public sealed class ReadmeTests : IDisposable
{
    /// <summary>With 1, the test writes README.md and its picture instead of comparing them.</summary>
    private const string UpdateVariable = "FEWSHOT_UPDATE_README";

    private static readonly CourseFiles Files = new(Course.Root);

    private readonly DirectoryInfo copy = Directory.CreateTempSubdirectory("fewshot-readme-");

    public static TheoryData<string> Parts => [.. new ReadmeParts(Files).All.Keys];

    /// <summary>Each record with each of its results that README shows.</summary>
    public static TheoryData<string, string> ShownResults => new()
    {
        { "data/records/course-run.json", "03-cifar10-subset" },
        { "data/records/benchmark-features.json", "ratio" },
        { "data/records/benchmark-probe.json", "ratio" },
        { "data/records/benchmark-first-answer.json", "ratio" },
        { "data/records/benchmark-sinusoid-pytorch.json", "5 steps" },
        { "data/records/benchmark-sinusoid-loop.json", "1 step" },
        { "data/records/benchmark-omniglot-pytorch.json", "5 shots" },
        { "data/records/benchmark-omniglot-loop.json", "1 shot" },
        { "data/records/cifar10-50.json", "fine-tuned and logistic regression | draw 3" },
        { "data/meta/omniglot-5way-1shot-maml.json", "transductive" },
        { "data/meta/omniglot-5way-1shot-maml.json", "inductive, low" },
        { "data/meta/sinusoid-5shot-maml.json", "MAML, MSE after 1 steps" },
        { "data/meta/sinusoid-10shot-maml.json", "MAML, MSE after 1 steps, high" },
    };

    public void Dispose() => copy.Delete(recursive: true);

    [Fact]
    public void Should_HoldWhatTheRecordsGive_When_ReadmeIsRead()
    {
        var readme = File.ReadAllText(Files.Readme);
        var expected = ReadmeText.With(readme, new ReadmeParts(Files).All);
        if (IsUpdate)
            File.WriteAllText(Files.Readme, expected);
        else
            Assert.Equal(expected, readme);
    }

    [Fact]
    public void Should_BeThePictureOfNotebook03_When_ReadmeShowsAChart()
    {
        var stored = new ReadmeParts(Files).PictureBytes;
        if (IsUpdate)
            File.WriteAllBytes(Files.Picture, stored);
        else
            Assert.Equal(stored, File.ReadAllBytes(Files.Picture));
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void Should_Differ_When_ADigitOfReadmeIsChanged(string part)
    {
        var readme = File.ReadAllText(Files.Readme);
        var text = ReadmeText.Part(readme, part);
        var digit = text.LastIndexOfAny([.. "0123456789"]);
        var changed = string.Concat(text.AsSpan(0, digit), text[digit] == '9' ? "8" : "9", text.AsSpan(digit + 1));
        var wrong = ReadmeText.With(readme, new Dictionary<string, string> { [part] = changed });
        Assert.NotEqual(wrong, ReadmeText.With(wrong, new ReadmeParts(Files).All));
    }

    [Theory]
    [MemberData(nameof(ShownResults))]
    public void Should_Differ_When_ARecordIsChanged(string record, string result)
    {
        var parts = new ReadmeParts(CopyOfTheCourse()).All;
        var path = Path.Combine(copy.FullName, record);
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        var value = (double)json["results"]![result]!;
        json["results"]![result] = value > 1 ? value + 100 : value - 0.05;
        File.WriteAllText(path, json.ToJsonString());
        Assert.NotEqual(parts, new ReadmeParts(new CourseFiles(copy.FullName)).All);
    }

    [Fact]
    public void Should_Differ_When_ASizeInTheManifestIsChanged()
    {
        var parts = new ReadmeParts(CopyOfTheCourse()).All;
        var path = Path.Combine(copy.FullName, "data/manifest.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("170052171", "180052171", StringComparison.Ordinal));
        Assert.NotEqual(parts["downloads"], new ReadmeParts(new CourseFiles(copy.FullName)).All["downloads"]);
    }

    [Fact]
    public void Should_SayTheSameSizes_When_TheDataPageListsDownloads()
    {
        var page = File.ReadAllLines(Files.PathOf("data/README.md"));
        foreach (var (id, _, bytes) in Files.Downloads())
        {
            var row = Assert.Single(page, line => line.StartsWith($"| `{id}` |", StringComparison.Ordinal));
            Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{Math.Round(bytes / 1e6):0} MB"), row.Split('|')[2].Trim());
        }
    }

    private static bool IsUpdate => Environment.GetEnvironmentVariable(UpdateVariable) == "1";

    private CourseFiles CopyOfTheCourse()
    {
        foreach (var pattern in new[] { "data/*.json", "data/records/*.json", "data/meta/*.json", "notebooks/*.ipynb" })
        {
            var folder = Path.GetDirectoryName(pattern)!;
            Directory.CreateDirectory(Path.Combine(copy.FullName, folder));
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Course.Root, folder), Path.GetFileName(pattern)))
                File.Copy(file, Path.Combine(copy.FullName, folder, Path.GetFileName(file)));
        }

        return new CourseFiles(copy.FullName);
    }
}
