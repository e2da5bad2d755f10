using System.CommandLine;
using System.Text.Json.Nodes;
using FewShot.Kernel.Jupyter;

namespace FewShot.Kernel.Tests.Jupyter;

public sealed class InstallTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string Spec(string name) => folder[$"share/jupyter/kernels/{name}/kernel.json"];

    [Fact]
    public void Should_WriteASpecThatStartsThisProgram_When_Installed()
    {
        Assert.Equal(0, Install(out _));
        var spec = JsonNode.Parse(File.ReadAllText(Spec(".net-csharp")))!;
        var arguments = spec["argv"]!.AsArray().Select(argument => (string)argument!).ToList();
        Assert.True(File.Exists(arguments[0]) && File.Exists(arguments[1]), string.Join(' ', arguments));
        Assert.Equal(["jupyter", "{connection_file}"], arguments[2..]);
        Assert.Equal(
            (".NET (C#)", "C#", "message"),
            ((string?)spec["display_name"], (string?)spec["language"], (string?)spec["interrupt_mode"]));
    }

    [Fact]
    public void Should_WriteItAgain_When_InstalledTwice()
    {
        Install(out _);
        Assert.Equal(0, Install(out _));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(Spec(".net-csharp"))!));
    }

    [Fact]
    public void Should_TakeItsOwnNameAndSaySo_When_TheUsualOneIsAnothers()
    {
        var theirs = Another(".net-csharp");
        Assert.Equal(0, Install(out var text));
        Assert.Equal(theirs, File.ReadAllText(Spec(".net-csharp")));
        Assert.True(File.Exists(Spec("fewshot-csharp")));
        Assert.Contains("choose it when you open a notebook", text, StringComparison.Ordinal);
        Assert.Equal(0, Uninstall(out _));
        Assert.False(File.Exists(Spec("fewshot-csharp")));
        Assert.Equal(theirs, File.ReadAllText(Spec(".net-csharp")));
    }

    [Fact]
    public void Should_LeaveAnothersAlone_When_ItsNameIsAskedFor()
    {
        var theirs = Another("mine");
        Assert.Equal(1, Install(out var text, "--name", "mine"));
        Assert.Contains("--force", text, StringComparison.Ordinal);
        Assert.Equal(theirs, File.ReadAllText(Spec("mine")));
        Assert.Equal(1, Uninstall(out _, "--name", "mine"));
        Assert.Equal(theirs, File.ReadAllText(Spec("mine")));
    }

    [Fact]
    public void Should_ReplaceAnothers_When_Forced()
    {
        Another(".net-csharp");
        Assert.Equal(0, Install(out _, "--force"));
        Assert.Contains("connection_file", File.ReadAllText(Spec(".net-csharp")), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_RemoveWhatWasInstalled_When_Uninstalled()
    {
        Install(out _);
        Assert.Equal(0, Uninstall(out _));
        Assert.False(Directory.Exists(Path.GetDirectoryName(Spec(".net-csharp"))));
        Assert.Equal(1, Uninstall(out var text));
        Assert.Contains("There is no kernel", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("a/b")]
    [InlineData("")]
    public void Should_Refuse_When_TheNameIsAPath(string name)
    {
        Assert.Equal(1, Install(out var text, "--name", name));
        Assert.Contains("no name for a kernel", text, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Should_FollowJupytersVariables_When_InstalledForAUser()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("The places of Linux.");
        Assert.Equal("/j", JupyterFolders.User(name => name == "JUPYTER_DATA_DIR" ? "/j" : "/other"));
        Assert.Equal("/x/jupyter", JupyterFolders.User(name => name == "XDG_DATA_HOME" ? "/x" : null));
        Assert.EndsWith("/.local/share/jupyter", JupyterFolders.User(_ => null), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_SayWhatIsMissingAndHowToGetIt_When_TheDoctorIsAsked()
    {
        string Report(string path)
        {
            var output = new StringWriter();
            var command = DoctorCommand.Create(output, name => name switch
            {
                "JUPYTER_DATA_DIR" => folder["share/jupyter"],
                "PATH" => path,
                _ => null,
            });
            Assert.Equal(0, command.Parse([]).Invoke());
            return output.ToString();
        }

        var before = Report(folder["bin"]);
        Assert.Matches("(?m)^ok +Computing .*libtorch", before);
        Assert.Matches("(?m)^missing +Kernel .*-- install", before);
        Assert.Matches("(?m)^missing +Front end .*jupyterlab", before);
        Install(out _);
        Directory.CreateDirectory(folder["bin"]);
        File.WriteAllText(folder["bin/jupyter-lab"], string.Empty);
        var after = Report(folder["bin"]);
        Assert.Matches("(?m)^ok +Kernel +\\.net-csharp", after);
        Assert.Matches("(?m)^ok +Front end +jupyter-lab", after);
    }

    [Fact]
    public void Should_SayThatTheProgramIsGone_When_TheDoctorIsAskedAfterItMoved()
    {
        new KernelSpec(folder["share/jupyter"], ".net-csharp").Install(
            ["/usr/bin/env", folder["gone.dll"], "jupyter", "{connection_file}"], force: false);
        var output = new StringWriter();
        DoctorCommand.Create(output, name => name == "JUPYTER_DATA_DIR" ? folder["share/jupyter"] : null).Parse([]).Invoke();
        Assert.Matches("(?m)^missing +Kernel .*gone", output.ToString());
    }

    [Fact]
    public void Should_SayThatNoGpuIsSeen_When_TheBuildIsForOne()
    {
        Assert.SkipWhen(TorchSharp.torch.cuda.is_available(), "There is a GPU.");
        var output = new StringWriter();
        Assert.Equal(0, DoctorCommand.Create(output, name => name == "TorchBackend" ? "cuda" : null).Parse([]).Invoke());
        Assert.Matches("(?m)^missing +Computing +CPU .*nvidia-smi", output.ToString());
    }

    private string Another(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Spec(name))!);
        File.WriteAllText(Spec(name), "{\"argv\": [\"theirs\"], \"display_name\": \"Theirs\", \"language\": \"C#\"}");
        return File.ReadAllText(Spec(name));
    }

    private int Install(out string text, params string[] more) => Invoke(InstallCommand.Create, out text, more);

    private int Uninstall(out string text, params string[] more) => Invoke(UninstallCommand.Create, out text, more);

    private int Invoke(Func<TextWriter, TextWriter, Command> create, out string text, string[] more)
    {
        var writer = new StringWriter();
        var result = create(writer, writer).Parse(["--prefix", folder.Path, .. more]).Invoke();
        text = writer.ToString();
        return result;
    }
}
