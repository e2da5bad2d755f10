using FewShot.Kernel.Packages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FewShot.Kernel.Tests.Packages;

public sealed class FrameworkDocumentationTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Should_TellNothing_When_NoSdkIsInstalled() => Assert.Empty(Documentation(folder["none"]));

    [Fact]
    public void Should_TellNothing_When_TheSdkHasNoVersion() => Assert.Empty(Documentation(folder.Path));

    [Fact]
    public void Should_ReadTheNewest_When_ThereAreSeveral()
    {
        Write("9.0.5", "System.Console", "old");
        Write("10.0.2", "System.Console", "newest");
        Write("10.0.1-rc.1", "System.Console", "newer");
        Assert.Contains("newest", Documentation(folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_FindTheType_When_ItLiesInAnotherFile()
    {
        Write("10.0.2", "System.Elsewhere", "elsewhere");
        Assert.Contains("elsewhere", Documentation(folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_TellNothing_When_TheFileIsCutShort()
    {
        Write("10.0.2", "System.Console", "cut");
        var file = Directory.GetFiles(folder.Path, "*.xml", SearchOption.AllDirectories).Single();
        File.WriteAllText(file, File.ReadAllText(file).Replace("</member>", string.Empty, StringComparison.Ordinal));
        Assert.Empty(Documentation(folder.Path));
    }

    private void Write(string version, string assembly, string text)
    {
        var place = Directory.CreateDirectory(Path.Combine(folder.Path, version, "ref", "net10.0")).FullName;
        File.WriteAllText(
            Path.Combine(place, assembly + ".xml"),
            $"<doc><members><member name=\"T:System.Console\"><summary>{text}</summary></member></members></doc>");
    }

    private static string Documentation(string packs)
    {
        var console = MetadataReference.CreateFromFile(
            typeof(Console).Assembly.Location, documentation: new FrameworkDocumentation("System.Console", packs));
        var type = CSharpCompilation.Create("console", references: [console]).GetTypeByMetadataName("System.Console");
        return type!.GetDocumentationCommentXml(cancellationToken: TestContext.Current.CancellationToken)!;
    }
}
