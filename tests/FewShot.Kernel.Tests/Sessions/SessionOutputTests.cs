using System.Diagnostics;
using FewShot.Kernel.Cells;

namespace FewShot.Kernel.Tests.Sessions;

public sealed class SessionOutputTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TestSession session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Should_ShowValue_When_LastExpressionHasNoSemicolon() => Assert.Equal("3", await session.Value("1 + 2"));

    [Theory]
    [InlineData("1 + 2;")]
    [InlineData("var quiet = 3;")]
    [InlineData("Task.CompletedTask.Wait()")]
    [InlineData("display(1)")]
    public async Task Should_ShowNoValue_When_LastStatementHasNone(string code)
    {
        var (_, outputs) = await session.Run(code);
        Assert.Empty(outputs.OfType<ResultOutput>());
    }

    [Theory]
    [InlineData("return 5;", "5")]
    [InlineData("if (1 < 2)\n    return 5;\nreturn 6;", "5")]
    [InlineData("if (1 < 2)\n    return 5;\nConsole.Write(\"not reached\");", "5")]
    [InlineData("return (string)null;", "<null>")]
    public async Task Should_ShowValue_When_ItIsReturned(string code, string value) => Assert.Equal(value, await session.Value(code));

    [Fact]
    public async Task Should_ShowNull_When_LastExpressionIsNull() => Assert.Equal("<null>", await session.Value("(string)null"));

    [Fact]
    public async Task Should_SeparateStreams_When_CellWritesToBoth()
    {
        var (_, outputs) = await session.Run("Console.Write(\"a\"); Console.Error.Write(\"b\");");
        Assert.Equal([new StreamOutput(false, "a"), new StreamOutput(true, "b")], outputs);
    }

    [Fact]
    public async Task Should_ShowInOrder_When_AProgramThatTheCellStartsWritesToo()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What other programs write is caught on Linux only.");
        var (_, outputs) = await session.Run(
            "Console.Write(\"1 \");\n"
            // With what .NET itself writes to a terminal after a program.
            + "System.Diagnostics.Process.Start(\"printf\", [\"2-é\\\\033[?1h\\\\033= \"]).WaitForExit();\n"
            + "Console.Write(\"3\");");
        Assert.Equal("1 2-é 3", string.Concat(outputs.Cast<StreamOutput>().Select(output => output.Text)));
    }

    [Fact]
    public async Task Should_ShowInOrder_When_NativeCodeWritesToo()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What native code writes is caught on Linux only.");
        var (_, outputs) = await session.Run(
            "[System.Runtime.InteropServices.DllImport(\"libc\")] static extern int puts(string text);\n"
            + "Console.WriteLine(1);\nputs(\"2\");\nConsole.WriteLine(3);\nputs(\"4\");");
        Assert.Equal("1\n2\n3\n4\n", string.Concat(outputs.Cast<StreamOutput>().Select(output => output.Text)));
    }

    [Fact]
    public async Task Should_ShowItInItsCell_When_AProgramWritesAfterTheCellsEnd()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What other programs write is caught on Linux only.");
        var late = new TaskCompletionSource<CellOutput>();
        await session.Run("_ = System.Diagnostics.Process.Start(\"sh\", [\"-c\", \"sleep 0.3; echo late\"]);", late.SetResult);
        var (_, second) = await session.Run("await Task.Delay(500);");
        Assert.Empty(second);
        Assert.Equal(new StreamOutput(false, "late\n"), await late.Task.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("[Obsolete(\"old\")] class Old { }\nvar old = new Old();", ", line 2: warning CS0618: 'Old' is obsolete: 'old'")]
    [InlineData("async Task Go() { }\nGo();", ", line 2: warning CS4014: Because this call is not awaited")]
    [InlineData("void Go()\n{\n    while (true) { }\n    int unused;\n}", ", line 4: warning CS0162: Unreachable code detected")]
    public async Task Should_ShowANoteAndRun_When_TheCompilerWarns(string code, string warning)
    {
        var (result, outputs) = await session.Run(code);
        Assert.Equal(CellStatus.Succeeded, result.Status);
        Assert.Contains(warning, Assert.Single(outputs.OfType<DisplayOutput>()).Data["text/plain"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("using System;\nusing System.IO;\nstring? text = null;\nvar unused = 1;\nclass Box { public string Name { get; set; } }")]
    [InlineData("while (true) { break; }\nforeach (var n in new[] { 1 }) { if (n > 0) continue; }")]
    [InlineData("using var m = new MemoryStream();\nstatic class Up { [Obsolete] public static int One(this int n) => n; }")]
    [InlineData("async Task<int> Go() => 1;\nawait Go();\n_ = Go();")]
    public async Task Should_ShowNoNote_When_NothingIsWrong(string code)
    {
        var (result, outputs) = await session.Run(code);
        Assert.Equal(CellStatus.Succeeded, result.Status);
        Assert.Empty(outputs);
    }

    [Theory]
    [InlineData("throw new Exception(\"x\");")]
    [InlineData("FewShot.Data.Subset.Draw(null, 1, 0);")]
    [InlineData("void Go([System.Runtime.CompilerServices.CallerFilePath] string path = \"\") => throw new Exception(path);\nGo();")]
    public async Task Should_NameNoFolder_When_AnExceptionIsWrittenWithItsTrace(string code)
    {
        var (_, outputs) = await session.Run($"try\n{{\n    {code}\n}}\ncatch (Exception e) {{ Console.Write(e); }}");
        var text = string.Concat(outputs.Cast<StreamOutput>().Select(output => output.Text));
        Assert.Contains("in cell 1:line", text, StringComparison.Ordinal);
        // "/_/" is the root that the compiler writes in place of a folder where a build is made to be repeated.
        Assert.DoesNotMatch("(in |: )/(?!_/)", text);
    }

    [Fact]
    public async Task Should_KnowCultures_When_ACellUsesThem()
    {
        Assert.SkipWhen(
            AppContext.TryGetSwitch("System.Globalization.Invariant", out var lacks) && lacks, "There is no ICU library here.");
        Assert.Equal(
            "1.234,5 e\u0301 1234.5",
            await session.Value(
                "$\"{1234.5.ToString(\"N1\", new System.Globalization.CultureInfo(\"de-DE\"))} "
                + "{\"\\u00e9\".Normalize(NormalizationForm.FormD)} {1234.5}\""));
    }

    [Fact]
    public async Task Should_ShowLine_When_CellStillRuns()
    {
        var watch = Stopwatch.StartNew();
        TimeSpan? seen = null;
        await session.Run("Console.WriteLine(1); await Task.Delay(500);", _ => seen ??= watch.Elapsed);
        Assert.True(watch.Elapsed - seen > TimeSpan.FromMilliseconds(400));
    }

    [Fact]
    public async Task Should_AttributeTextToItsCell_When_CellStartedATask()
    {
        var (_, first) = await session.Run(
            "var go = new TaskCompletionSource(); var late = Task.Run(async () => { await go.Task; Console.Write(\"late\"); });");
        var (_, second) = await session.Run("go.SetResult(); await late;");
        Assert.Equal([new StreamOutput(false, "late")], first);
        Assert.Empty(second);
    }

    [Fact]
    public async Task Should_ShowHtml_When_ValueIsHtml()
    {
        var (_, outputs) = await session.Run("HTML(\"<b>bold</b>\")");
        Assert.Equal("<b>bold</b>", Assert.Single(outputs.OfType<ResultOutput>()).Data["text/html"]);
    }

    [Fact]
    public async Task Should_ShowTable_When_ValueIsASequenceOfRecords()
    {
        var (_, outputs) = await session.Run("record Row(int Way, string Name); new[] { new Row(5, \"five\") }");
        Assert.Contains("five", Assert.Single(outputs.OfType<ResultOutput>()).Data["text/html"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_ReplaceDisplay_When_HandleIsUpdatedInALaterCell()
    {
        var (_, first) = await session.Run("var handle = display(\"before\");");
        var (_, second) = await session.Run("handle.Update(\"after\");");
        var shown = Assert.IsType<DisplayOutput>(Assert.Single(first));
        var update = Assert.IsType<DisplayOutput>(Assert.Single(second));
        Assert.Equal((shown.DisplayId, true, "after"), (update.DisplayId, update.IsUpdate, update.Data["text/plain"]));
    }

    [Fact]
    public async Task Should_ShowAsMarkdown_When_TextIsDisplayedAsMarkdown()
    {
        var (_, outputs) = await session.Run("\"# Title\".DisplayAs(\"text/markdown\");");
        Assert.Equal("# Title", Assert.IsType<DisplayOutput>(Assert.Single(outputs)).Data["text/markdown"]);
    }

    [Fact]
    public async Task Should_UseFormatter_When_CellRegistersOne()
    {
        await session.Run("class Box { } Formatter.Register<Box>(_ => \"<i>box</i>\", \"text/html\");");
        var (_, outputs) = await session.Run("new Box().Display();");
        Assert.Equal("<i>box</i>", Assert.IsType<DisplayOutput>(Assert.Single(outputs)).Data["text/html"]);
    }

    [Fact]
    public async Task Should_UseFormatterSource_When_TypeCarriesTheAttributeByConvention()
    {
        // The attribute and the formatter are known by their shape; the type needs no reference to the formatting package.
        await session.Run("""
            class TypeFormatterSourceAttribute : Attribute { public TypeFormatterSourceAttribute(Type type) => FormatterSourceType = type; public Type FormatterSourceType { get; } public string[] PreferredMimeTypes { get; set; } }
            class CardFormatter { public string MimeType => "text/html"; public bool Format(object card, System.IO.TextWriter writer) { writer.Write("<u>card</u>"); return true; } }
            class CardSource { public IEnumerable<object> CreateTypeFormatters() { yield return new CardFormatter(); } }
            [TypeFormatterSource(typeof(CardSource), PreferredMimeTypes = new[] { "text/html" })] class Card { }
            """);
        var (_, outputs) = await session.Run("new Card()");
        Assert.Equal("<u>card</u>", Assert.Single(outputs.OfType<ResultOutput>()).Data["text/html"]);
    }

    [Fact]
    public async Task Should_ShowNumbers_When_ValueIsATensor() =>
        Assert.Contains("[1, 2, 3]", await session.Value("TorchSharp.torch.tensor(new[] { 1L, 2L, 3L })"), StringComparison.Ordinal);

    [Fact]
    public async Task Should_ForgetFormatters_When_ANewSessionStarts()
    {
        await session.Run(
            "Formatter.Register<Version>(_ => \"mine\", \"text/plain\"); "
            + "Formatter.SetPreferredMimeTypesFor(typeof(Version), \"text/plain\");");
        Assert.Equal("mine", await session.Value("new Version(1, 2)"));
        using var next = new TestSession();
        var (_, outputs) = await next.Run("new Version(1, 2)");
        Assert.DoesNotContain(outputs.OfType<ResultOutput>().Single().Data.Values, text => text == "mine");
    }
}
