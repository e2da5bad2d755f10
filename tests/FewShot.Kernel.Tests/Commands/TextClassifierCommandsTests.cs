using System.CommandLine;
using System.Text.Json.Nodes;
using FewShot.Kernel.Commands;

namespace FewShot.Kernel.Tests.Commands;

/// <summary>The commands about classifiers, on texts and the encoder that comes with the build.</summary>
public sealed class TextClassifierCommandsTests : IClassFixture<TextClassifierCommandsTests.Trained>, IDisposable
{
    private const string Table = "text,label\nI lost my card,card\nMy card was stolen,card\nMy card does not work,card\n"
        + "How do I send money abroad?,transfer\nMy transfer has not arrived,transfer\nSend money to a friend,transfer\n";

    private readonly Trained trained;
    private readonly TestFolder folder = new();
    private readonly StringWriter output = new();
    private readonly StringWriter errors = new();

    public TextClassifierCommandsTests(Trained fixture) => trained = fixture;

    public void Dispose()
    {
        output.Dispose();
        errors.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Should_SpeakOfTexts_When_Trained()
    {
        Assert.Equal(0, trained.Status);
        Assert.Contains("classes:  card (3), transfer (3)", trained.Output, StringComparison.Ordinal);
        Assert.Contains("a text that resembles no class is refused", trained.Output, StringComparison.Ordinal);
        Assert.Contains("texts of each class", trained.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("photo", trained.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_AnswerEachText_When_TextsAreClassified()
    {
        Assert.Equal(0, await Call(output, errors, "classify", trained.File, "Where is my bank card?", "The transfer is late", "--json"));
        var answers = JsonNode.Parse(output.ToString())!.AsArray();
        Assert.Equal("Where is my bank card?", (string?)answers[0]!["text"]);
        Assert.Equal("card", (string?)answers[0]!["top"]![0]!["class"]);
        Assert.Equal("transfer", (string?)answers[1]!["top"]![0]!["class"]);
    }

    [Fact]
    public async Task Should_AnswerTheOthersAndFail_When_ATextIsEmpty()
    {
        Assert.Equal(1, await Call(output, errors, "classify", trained.File, " ", "The transfer is late"));
        Assert.Contains("is empty", errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("The transfer is late", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_CountTexts_When_EvaluatedOnATable()
    {
        await File.WriteAllTextAsync(
            folder["asked.tsv"], "question\tabout\nMy card is broken\tcard\nMy dog barks\tdogs\n", TestContext.Current.CancellationToken);
        string[] columns = ["--text-column", "question", "--label-column", "about"];
        Assert.Equal(0, await Call(output, errors, ["evaluate", trained.File, folder["asked.tsv"], .. columns]));
        Assert.Contains("(1 text)", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("does not know (dogs)", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_SayWhatItIs_When_PhotosAreWanted()
    {
        Assert.Equal(1, await Call(output, errors, "export", trained.File, "-o", folder["model.onnx"]));
        Assert.Contains("is a classifier of texts", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_SayWhatToGive_When_TheFileIsNoTable()
    {
        await File.WriteAllTextAsync(folder["texts.docx"], Table, TestContext.Current.CancellationToken);
        Assert.Equal(1, await Call(output, errors, "train", folder["texts.docx"], "-o", folder["out"]));
        Assert.Contains(".csv or .tsv table", errors.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(folder["out"]));
    }

    private static Task<int> Call(TextWriter output, TextWriter errors, params string[] arguments) => new RootCommand
    {
        TrainCommand.Create(output, errors), ClassifyCommand.Create(output, errors),
        EvaluateCommand.Create(output, errors), ExportCommand.Create(output, errors),
    }.Parse(arguments).InvokeAsync();

    /// <summary>A classifier of two classes of three texts, trained once for all tests of this class.</summary>
    public sealed class Trained : IAsyncLifetime
    {
        private readonly TestFolder folder = new();

        public int Status { get; private set; }

        public string Output { get; private set; } = string.Empty;

        public string File => folder["bank.fewshot"];

        public async ValueTask InitializeAsync()
        {
            await System.IO.File.WriteAllTextAsync(folder["texts.csv"], Table);
            using var output = new StringWriter();
            using var errors = new StringWriter();
            Status = await Call(output, errors, "train", folder["texts.csv"], "-o", File, "--curve");
            Output = output.ToString();
        }

        public ValueTask DisposeAsync()
        {
            folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
