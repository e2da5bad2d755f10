using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using FewShot.Course;
using FewShot.Data;
using FewShot.Kernel.Commands;

namespace FewShot.Kernel.Tests.Commands;

/// <summary>The commands about classifiers of one's own photos, on generated ones and the real backbone.</summary>
public sealed class ClassifierCommandsTests : IClassFixture<ClassifierCommandsTests.Trained>, IDisposable
{
    private readonly Trained trained;
    private readonly TestFolder folder = new();
    private readonly StringWriter output = new();
    private readonly StringWriter errors = new();

    public ClassifierCommandsTests(Trained fixture) => trained = fixture;

    public void Dispose()
    {
        output.Dispose();
        errors.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Should_SayClassesHeadAndSize_When_Trained()
    {
        Assert.Equal(0, trained.Status);
        Assert.Contains("head:", trained.Output, StringComparison.Ordinal);
        Assert.Contains(" because ", trained.Output, StringComparison.Ordinal);
        Assert.Contains("of each class", trained.Output, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(trained.File).Length, 1, 1_000_000);
        Assert.Contains("reading 12 images", trained.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_PrintATable_When_PhotosAreClassified()
    {
        Assert.Equal(0, await Run("classify", trained.File, trained.NewPhotos[0], trained.NewPhotos[1], "--top", "2"));
        var lines = output.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("photo", lines[0], StringComparison.Ordinal);
        Assert.StartsWith(trained.NewPhotos[0], lines[1], StringComparison.Ordinal);
        Assert.Matches(@"\w+ \d+ %, \w+ \d+ %$", lines[1]);
    }

    [Fact]
    public async Task Should_WriteJsonAlone_When_AskedForIt()
    {
        Assert.Equal(0, await Run("classify", trained.File, trained.NewPhotos[0], "--json"));
        var answer = JsonNode.Parse(output.ToString())!.AsArray()[0]!;
        Assert.Equal(trained.NewPhotos[0], (string?)answer["photo"]);
        Assert.Equal(3, answer["top"]!.AsArray().Count);
        Assert.InRange((double)answer["top"]![0]!["probability"]!, 0, 1);
    }

    [Fact]
    public async Task Should_AnswerTheOthersAndFail_When_APhotoCannotBeRead()
    {
        await File.WriteAllTextAsync(folder["broken.png"], "no picture", TestContext.Current.CancellationToken);
        Assert.Equal(1, await Run("classify", trained.File, folder["broken.png"], trained.NewPhotos[0], "--json"));
        var answers = JsonNode.Parse(output.ToString())!.AsArray();
        Assert.Contains("not a readable image", (string?)answers[0]!["error"], StringComparison.Ordinal);
        Assert.NotNull(answers[1]!["top"]);
        Assert.Contains($"{folder["broken.png"]} is not a readable image", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_PrintAccuracyWithInterval_When_Evaluated()
    {
        Assert.Equal(0, await Run("evaluate", trained.File, trained.NewFolder));
        Assert.Matches(@"right:    \d+\.\d % \[\d+\.\d, \d+\.\d\] \(\d+ images\)", output.ToString());
        Assert.Contains("of classes that it does not know", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_NamePhotos_When_SuggestionsAreAskedFor()
    {
        Assert.Equal(0, await Run("suggest", trained.File, trained.NewFolder, "--count", "3"));
        var named = output.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.Equal(3, named.Distinct().Count());
        Assert.All(named, path => Assert.True(File.Exists(path)));
    }

    [Fact]
    public async Task Should_WriteAModelThatHoldsTheClassNames_When_Exported()
    {
        Assert.Equal(0, await Run("export", trained.File, "-o", folder["shapes.onnx"]));
        await using var file = File.OpenRead(folder["shapes.onnx"]);
        var model = global::Onnx.ModelProto.Parser.ParseFrom(file);
        var names = trained.ClassNames;
        Assert.All(names, name => Assert.Contains(model.MetadataProps, entry => entry.Value.Contains(name, StringComparison.Ordinal)));
        Assert.All(names, name => Assert.Contains(name, output.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("train", "FOLDER", "-o", "OUT")]
    [InlineData("classify", "OUT", "photo.png")]
    [InlineData("evaluate", "OUT", "FOLDER")]
    [InlineData("suggest", "OUT", "FOLDER")]
    [InlineData("export", "OUT", "-o", "model.onnx")]
    [InlineData("train", "FOLDER/texts.csv", "-o", "OUT")]
    public async Task Should_SayWhatIsMissingAndFail_When_AFileOrFolderIsNotThere(params string[] arguments)
    {
        bool IsPath(string word) => word is "OUT" || word.StartsWith("FOLDER", StringComparison.Ordinal);
        string[] call = [.. arguments.Select(word => IsPath(word) ? folder[word] : word)];
        Assert.Equal(1, await Run(call));
        Assert.Contains(" is missing", errors.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }

    [Theory]
    [InlineData("classify")]
    [InlineData("train", "photos")]
    [InlineData("nonsense")]
    public async Task Should_HaveStatus2_When_TheCallIsWrong(params string[] arguments)
    {
        var start = new ProcessStartInfo(ThisProgram.Host, [ThisProgram.Assembly, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var said = Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken),
            process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.NotEmpty(string.Concat(await said));
        Assert.Equal(2, process.ExitCode);
    }

    private Task<int> Run(params string[] arguments) => Call(output, errors, arguments);

    private static Task<int> Call(TextWriter output, TextWriter errors, params string[] arguments) => new RootCommand
    {
        TrainCommand.Create(output, errors), ClassifyCommand.Create(output, errors),
        EvaluateCommand.Create(output, errors), SuggestCommand.Create(output, errors),
        ExportCommand.Create(output, errors),
    }.Parse(arguments).InvokeAsync();

    /// <summary>A classifier of three generated classes, and photos of four, trained once for all tests of this class.</summary>
    public sealed class Trained : IAsyncLifetime
    {
        private readonly TestFolder folder = new();

        public int Status { get; private set; }

        public string Output { get; private set; } = string.Empty;

        public string Errors { get; private set; } = string.Empty;

        public string File => folder["shapes.fewshot"];

        public IReadOnlyList<string> ClassNames { get; private set; } = [];

        public string NewFolder => folder["new"];

        public IReadOnlyList<string> NewPhotos => [.. Directory.GetFiles(NewFolder, "*.png", SearchOption.AllDirectories).Order()];

        public async ValueTask InitializeAsync()
        {
            var (train, test) = Shapes.TenClassProblem();
            using (train)
            using (test)
            {
                using var three = train.SelectClasses([.. train.ClassNames.Take(3)]);
                using var four = test.SelectClasses([.. test.ClassNames.Take(4)]);
                ClassNames = three.ClassNames;
                SampleFolder.Write(three, perClass: 4, folder["photos"]);
                SampleFolder.Write(four, perClass: 3, NewFolder);
            }

            using var output = new StringWriter();
            using var errors = new StringWriter();
            Status = await Call(output, errors, "train", folder["photos"], "-o", File, "--size", "64", "--curve");
            (Output, Errors) = (output.ToString(), errors.ToString());
        }

        public ValueTask DisposeAsync()
        {
            folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
