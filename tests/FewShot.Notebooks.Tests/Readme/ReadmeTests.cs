using System.Globalization;
using System.Text.Json.Nodes;
using FewShot.Studies;

namespace FewShot.Notebooks.Tests.Readme;

/// <summary>Figures stand in README.md as records, manifest and notebook give them, and in no other way.</summary>
public sealed class ReadmeTests : IDisposable
{
    /// <summary>With 1, the test writes README.md and its picture instead of comparing them.</summary>
    private const string UpdateVariable = "FEWSHOT_UPDATE_README";

    private static readonly CourseFiles Files = new(Course.Root);

    private readonly DirectoryInfo copy = Directory.CreateTempSubdirectory("fewshot-readme-");

    public static TheoryData<string> Parts => [.. new ReadmeParts(Files).All.Keys];

    /// <summary>
    /// Results that README shows, by the record that holds them: all of the course's run and of the benchmarks, and some of each study.
    /// </summary>
    public static TheoryData<string, string> ShownResults
    {
        get
        {
            var shown = new TheoryData<string, string>
            {
                { "data/meta/omniglot-5way-1shot-maml-long.json", "transductive" },
                { "data/meta/omniglot-5way-1shot-maml-long.json", "inductive, low" },
                { "data/meta/sinusoid-5shot-maml.json", "MAML, MSE after 1 steps" },
                { "data/meta/sinusoid-10shot-maml.json", "MAML, MSE after 1 steps, high" },
            };
            shown.Add(TableRows.EpisodesRecord, "SimpleShot, 1-shot, balanced queries");
            shown.Add(TableRows.EpisodesRecord, "PT-MAP, 5-shot, Dirichlet queries, low");
            shown.Add(TableRows.LabelsRecord, "ridge, 50 of each class, draw 3");
            var study = Files.Record("data/records/cifar10-50.json");
            shown.Add("data/records/cifar10-50.json", $"{new SubsetStudyResult(study).Chosen[3]} | draw 3 | test");
            var records = Files.Names("data/records", "benchmark-*.json")
                .Concat(Files.Names("data/records", ReadmeParts.CourseRun + ".json"));
            foreach (var record in records)
            {
                foreach (var result in Files.Record(record).Results.Keys)
                    shown.Add(record, result);
            }

            return shown;
        }
    }

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
        json["results"]![result] = value > 1 ? (3 * value) + 100 : value - 0.05;
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
