using System.Text;
using FewShot.Runtime;
using FewShot.Text;

namespace FewShot.Tests.Text;

public sealed class TextCsvTests
{
    [Fact]
    public void Should_ReadAsASpreadsheetWrites_When_FieldsAreQuoted()
    {
        var set = Read("\ufefflabel,text\r\nb,\"one, \"\"two\"\"\r\nthree\"\r\na,four\r\n");

        Assert.Equal(["one, \"two\"\r\nthree", "four"], set.Texts);
        Assert.Equal(["a", "b"], set.ClassNames);
        Assert.Equal([1L, 0L], set.Labels);
    }

    [Fact]
    public void Should_ReadOtherColumns_When_TheyAreNamed()
    {
        var options = new TextCsvOptions { TextColumn = "question", LabelColumn = "intent", Separator = ';' };

        var set = Read("id;intent;question\n1;x;how?\n2;y;why?\n", options);

        Assert.Equal(["how?", "why?"], set.Texts);
    }

    [Theory]
    [InlineData("how?,x\nwhy?,y\n", "line 1: no column is called 'text'; found 'how?', 'x'")]
    [InlineData("text,category\nhow?,x\nwhy?,y\n", "line 1: no column is called 'label'; found 'text', 'category'")]
    [InlineData("text,label,text\nhow?,x,z\n", "line 1: 2 columns are called 'text'")]
    [InlineData("text,label\nhow?,x\n ,y\n", "line 3: the column 'text' is empty")]
    [InlineData("text,label\n\"how\nlong?\",x\nwhy?\n", "line 4: the row ends before the column 'label'")]
    [InlineData("text,label\nhow?,x\nwhy?,x\n", "one label only, 'x'")]
    [InlineData("text,label\n", "no row below its heading")]
    [InlineData("", "is empty: its first line must name the columns")]
    [InlineData("text,label\nhow?,x\n\"why?\" not,y\n", "line 3:")]
    [InlineData("text,label\nhow?,x\n\"why?,y\n", "line 3:")]
    public void Should_NameFileAndLine_When_TheTableIsWrong(string table, string expected)
    {
        var error = Assert.Throws<FewShotException>(() => Read(table));

        Assert.Contains("mine.csv", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheLine_When_BytesAreNotUtf8()
    {
        byte[] bytes = [.. "text,label\nhow?,x\n"u8, .. "w"u8, 0xe9, .. ",y\n"u8];

        var error = Assert.Throws<FewShotException>(() => TextCsv.Read(new MemoryStream(bytes), "mine.csv"));

        Assert.Contains("line 3: the column 'text' holds bytes that are not UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheLine_When_ARowIsAMegabyteLong()
    {
        var error = Assert.Throws<FewShotException>(() => Read($"text,label\nhow?,x\n{new string('a', 1 << 20)},y\n"));

        Assert.Contains("line 3:", error.Message, StringComparison.Ordinal);
        Assert.Contains("MaximumRowBytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_SayTheBound_When_ThereAreTooManyRows()
    {
        var error = Assert.Throws<FewShotException>(() => Read("text,label\na,x\nb,y\nc,x\n", new() { MaximumRows = 2 }));

        Assert.Contains("more than 2 rows", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheFile_When_ItIsMissing()
    {
        var error = Assert.Throws<FewShotException>(() => TextCsv.Read("no-such-file.csv"));

        Assert.Contains("no-such-file.csv is missing", error.Message, StringComparison.Ordinal);
    }

    private static TextSet Read(string table, TextCsvOptions? options = null) =>
        TextCsv.Read(new MemoryStream(Encoding.UTF8.GetBytes(table)), "mine.csv", options);
}
