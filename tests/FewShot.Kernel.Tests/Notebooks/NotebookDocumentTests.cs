using System.Text;
using System.Text.Json.Nodes;
using FewShot.Kernel.Notebooks;
using FewShot.Runtime;

namespace FewShot.Kernel.Tests.Notebooks;

public class NotebookDocumentTests
{
    // As Jupyter writes it: one space, one line per item, a line feed at the end.
    private const string AsJupyter =
        """
        {
         "cells": [
          {
           "cell_type": "code",
           "execution_count": null,
           "id": "a-1",
           "metadata": {
            "jupyter": {
             "unknown": [
              1.50,
              true
             ]
            }
           },
           "outputs": [],
           "source": [
            "var rocket = \"🚀 <b>é</b> \\u0041\";\n",
            "rocket"
           ]
          }
         ],
         "metadata": {
          "kernelspec": {
           "display_name": ".NET (C#)",
           "language": "C#",
           "name": ".net-csharp"
          },
          "polyglot_notebook": {
           "kernelInfo": {
            "defaultKernelName": "csharp"
           }
          }
         },
         "nbformat": 4,
         "nbformat_minor": 5
        }

        """;

    [Fact]
    public void Should_GiveTheSameBytes_When_NothingChanged() =>
        Assert.Equal(AsJupyter, Encoding.UTF8.GetString(NotebookDocument.Parse(Encoding.UTF8.GetBytes(AsJupyter), "n.ipynb").ToBytes()));

    [Fact]
    public void Should_KeepTheIndentation_When_FileUsesTwoSpaces()
    {
        var twoSpaces = string.Join('\n', AsJupyter.Split('\n').Select(line =>
            new string(' ', line.Length - line.TrimStart().Length) + line));
        Assert.Equal(twoSpaces, Encoding.UTF8.GetString(NotebookDocument.Parse(Encoding.UTF8.GetBytes(twoSpaces), "n.ipynb").ToBytes()));
    }

    [Fact]
    public void Should_JoinLines_When_SourceIsAList() =>
        Assert.Equal(
            "var rocket = \"🚀 <b>é</b> \\u0041\";\nrocket",
            NotebookDocument.Parse(Encoding.UTF8.GetBytes(AsJupyter), "n.ipynb").Cells[0].Source);

    [Fact]
    public void Should_TakeTheFirstHeading_When_AskedForTheTitle() =>
        Assert.Equal("The title", Parse(TestNotebook.Of("1", "# The title\ntext", "# Later")).Title);

    [Fact]
    public void Should_ReadTheFile_When_ItStartsWithAMark() =>
        Assert.Single(NotebookDocument.Parse([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(AsJupyter)], "n.ipynb").Cells);

    [Theory]
    [InlineData("", "n.ipynb is not JSON")]
    [InlineData("{ \"cells\": [\n oops", "n.ipynb is not JSON, so not a notebook: line 2, byte 2")]
    [InlineData("[1]", "a notebook is a JSON object; this is a list")]
    [InlineData("{\"a\":1,\"a\":2}", "n.ipynb is not JSON")]
    public void Should_SayWhatIsWrong_When_FileIsNoJsonObject(string content, string message)
    {
        var error = Assert.Throws<FewShotException>(() => NotebookDocument.Parse(Encoding.UTF8.GetBytes(content), "n.ipynb"));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_SayWhatIsWrong_When_JsonIsTooDeep()
    {
        var deep = Encoding.UTF8.GetBytes(new string('[', 100_000));
        var error = Assert.Throws<FewShotException>(() => NotebookDocument.Parse(deep, "n.ipynb"));
        Assert.Contains("not JSON", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nbformat", "3", "nbformat is 3 and nbformat_minor 5; this needs 4 and 5")]
    [InlineData("nbformat_minor", "4", "nbformat is 4 and nbformat_minor 4; this needs 4 and 5")]
    [InlineData("nbformat", "null", "nbformat is missing")]
    [InlineData("metadata", "[]", "metadata must be an object; found: a list")]
    [InlineData("metadata", "{}", "metadata.kernelspec.language is missing")]
    [InlineData(
        "metadata",
        """{"kernelspec":{"language":"python","name":"python3"}}""",
        "metadata.kernelspec.language is \"python\" (kernel \"python3\"); only C# notebooks run here")]
    [InlineData("metadata", """{"language_info":{"name":"F#"}}""", "is \"F#\"")]
    [InlineData("cells", "7", "cells must be a list; found: 7")]
    [InlineData("cells", "[3]", "cells[0] must be an object; found: 3")]
    public void Should_NameTheField_When_NotebookIsWrong(string field, string value, string message)
    {
        var notebook = TestNotebook.Of("1");
        notebook[field] = JsonNode.Parse(value);
        Refused(notebook, message);
    }

    [Theory]
    [InlineData("cell_type", "\"heading\"", "cells[1].cell_type must be code, markdown or raw; found: \"heading\"")]
    [InlineData("id", "null", "cells[1].id must be 1 to 64 letters, digits, - or _; found: missing")]
    [InlineData("id", "\"a b\"", "cells[1].id must be")]
    [InlineData("id", "\"cell-0\"", "cells[1].id is \"cell-0\", which an earlier cell has too")]
    [InlineData("metadata", "null", "cells[1].metadata must be an object")]
    [InlineData("source", "[1]", "cells[1].source must be a text or a list of lines")]
    [InlineData("outputs", "null", "cells[1].outputs must be a list of objects")]
    [InlineData("outputs", "[1]", "cells[1].outputs must be a list of objects")]
    [InlineData("execution_count", "\"x\"", "cells[1].execution_count must be a whole number or null")]
    [InlineData(
        "metadata",
        """{"polyglot_notebook":{"kernelName":"fsharp"}}""",
        "cells[1] is written in \"fsharp\"; only C# cells run here")]
    public void Should_NameTheField_When_CellIsWrong(string field, string value, string message)
    {
        var notebook = TestNotebook.Of("1", "2");
        notebook["cells"]![1]![field] = JsonNode.Parse(value);
        Refused(notebook, message);
    }

    [Fact]
    public void Should_SayThatThereIsNone_When_FileIsMissing()
    {
        var error = Assert.Throws<FewShotException>(() => NotebookDocument.Load("/nowhere/n.ipynb"));
        Assert.Contains("no such notebook", error.Message, StringComparison.Ordinal);
    }

    private static NotebookDocument Parse(JsonObject notebook) =>
        NotebookDocument.Parse(Encoding.UTF8.GetBytes(notebook.ToJsonString()), "n.ipynb");

    private static void Refused(JsonObject notebook, string message)
    {
        var error = Assert.Throws<FewShotException>(() => Parse(notebook)).Message;
        Assert.StartsWith("n.ipynb: ", error, StringComparison.Ordinal);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }
}
