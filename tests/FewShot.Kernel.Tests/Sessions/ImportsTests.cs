using FewShot.Kernel.Cells;
using FewShot.Kernel.Packages;
using FewShot.Kernel.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FewShot.Kernel.Tests.Sessions;

public sealed class ImportsTests : IDisposable
{
    private readonly TestSession session = new();

    public void Dispose() => session.Dispose();

    [Theory]
    [InlineData("typeof(LineChart)", "FewShot.Charts")]
    [InlineData("typeof(ImageSet)", "FewShot.Data")]
    [InlineData("typeof(EpisodeList)", "FewShot.Episodes")]
    [InlineData("typeof(Predictions)", "FewShot.Evaluation")]
    [InlineData("typeof(NearestCentroid)", "FewShot.Heads")]
    [InlineData("typeof(Maml)", "FewShot.Meta")]
    [InlineData("typeof(ResNet)", "FewShot.Models")]
    [InlineData("typeof(Torch)", "FewShot.Runtime")]
    [InlineData("typeof(CourseMaterial)", "FewShot.Course")]
    [InlineData("typeof(SubsetStudyResult)", "FewShot.Studies")]
    [InlineData("typeof(LinearProbe)", "FewShot.Transfer")]
    [InlineData("typeof(Augmentation)", "FewShot.Vision")]
    [InlineData("typeof(torch)", "TorchSharp")]
    [InlineData("typeof(File)", "System.IO")]
    [InlineData("typeof(HttpClient)", "System.Net.Http")]
    [InlineData("typeof(Thread)", "System.Threading")]
    public async Task Should_KnowTheNamespace_When_NoUsingIsWritten(string type, string expected) =>
        Assert.Equal(expected, await session.Value($"{type}.Namespace"));

    [Fact]
    public async Task Should_SayNothing_When_ACellImportsThemItself()
    {
        var (result, outputs) = await session.Run(
            "using FewShot.Data;\nusing FewShot.Runtime;\nusing TorchSharp;\nvar n = torch.ones(2).numel();");
        Assert.Equal(CellStatus.Succeeded, result.Status);
        Assert.Empty(outputs);
    }

    [Fact]
    public async Task Should_TakeTheCellsOwn_When_ItsUsingBringsTheSameName()
    {
        var name = typeof(ImportsTests).FullName;
        Assert.Equal("True", await session.Value($"using static {name};\ntypeof(Subset) == typeof({name}.Subset)"));
    }

    [Fact]
    public async Task Should_TakeTheCellsOwn_When_ATypeIsDeclaredUnderTheSameName() =>
        Assert.Equal("7", await session.Value("class Subset { public int Count => 7; }\nnew Subset().Count"));

    /// <summary>A name that two of the namespaces have would be ambiguous in every cell that writes it.</summary>
    [Fact]
    public void Should_NameEveryTypeOnce_When_AllNamespacesAreImported()
    {
        var all = CSharpCompilation.Create("names", references: References.All).GlobalNamespace;
        var twice = Imports.Namespaces.SelectMany(name => Namespace(all, name).GetTypeMembers())
            .Where(type => type.DeclaredAccessibility == Accessibility.Public)
            .GroupBy(type => type.MetadataName)
            .Where(types => types.Select(type => type.ContainingNamespace.ToDisplayString()).Distinct().Count() > 1)
            .Select(types => string.Join(" and ", types.Select(type => type.ToDisplayString())));
        Assert.Empty(twice);
    }

    private static INamespaceSymbol Namespace(INamespaceSymbol all, string name) =>
        name.Split('.').Aggregate(all, (outer, part) => outer.GetNamespaceMembers().Single(inner => inner.Name == part));

    /// <summary>Named as a type of the course is.</summary>
    public static class Subset;
}
