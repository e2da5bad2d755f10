using FewShot.Kernel.Cells;
using FewShot.Kernel.Packages;
using FewShot.Kernel.Tests.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FewShot.Kernel.Tests.Packages;

/// <summary>With a package of extensions, and the package that declares what an extension is, made by the test.</summary>
public sealed class KernelExtensionTests(TestSession session) : IClassFixture<TestSession>
{
    private const string Contract = """
        namespace Microsoft.DotNet.Interactive;
        public class Kernel { }
        public class CompositeKernel : Kernel { }
        public interface IKernelExtension { System.Threading.Tasks.Task OnLoadAsync(Kernel kernel); }
        """;

    private const string Extensions = """
        using System.Threading.Tasks;
        using Microsoft.DotNet.Interactive;
        using Microsoft.DotNet.Interactive.Formatting;
        namespace Made.Up;
        public class Thing { }
        public abstract class Half : IKernelExtension { public abstract Task OnLoadAsync(Kernel kernel); }
        public class Good : IKernelExtension
        {
            Task IKernelExtension.OnLoadAsync(Kernel kernel)
            {
                Formatter.Register<Thing>(_ => $"<b>of {kernel.GetType().Name}</b>", "text/html");
                return Task.CompletedTask;
            }
        }
        public class Bad : IKernelExtension
        {
            public Task OnLoadAsync(Kernel kernel) => throw new System.InvalidOperationException("it wants another kernel");
        }
        """;

    [Fact]
    public void Should_FindTheExtensions_When_AnAssemblyHasSome()
    {
        var path = Make("Found");
        Assert.Equal(
            "global::FewShot.Kernel.Packages.KernelExtensions.Load(\"Made.Up\", typeof(global::@Made.@Up.@Good), "
            + "typeof(global::@Made.@Up.@Bad));",
            KernelExtensions.Call("Made.Up", path));
    }

    [Fact]
    public void Should_FindNone_When_AnAssemblyHasNone() =>
        Assert.Null(KernelExtensions.Call("FewShot", typeof(FewShot.Charts.HtmlFigure).Assembly.Location));

    [Fact]
    public async Task Should_UseTheGoodOneAndTellOfTheBad_When_ExtensionsAreCalled()
    {
        var path = Make("Called");
        var contract = Path.Combine(session.Folder, "Called.Contract.dll");
        var (result, outputs) = await session.Run(
            $"#r \"{contract}\"\n#r \"{path}\"\n{KernelExtensions.Call("Made.Up", path)}\nnew Made.Up.Thing()");
        Assert.True(result.Status == CellStatus.Succeeded, string.Join('\n', result.Error?.Trace ?? []));
        Assert.Equal(
            "Made.Up: its extension Bad for notebooks does not load, and the package is used without it: it wants another kernel\n",
            Assert.IsType<StreamOutput>(outputs[0]).Text);
        Assert.Equal("<b>of CompositeKernel</b>", Assert.IsType<ResultOutput>(outputs[1]).Data["text/html"]);
    }

    [Fact(Explicit = true)]
    public async Task Should_KeepChartsOffline_When_PlotlysOwnExtensionIsLoaded()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("FEWSHOT_OFFLINE") is null, "The package is fetched.");
        using var plotly = new TestSession(new FewShot.Kernel.Display.ChartRenderer());
        var (result, outputs) = await plotly.Run("""
            #r "nuget: Plotly.NET.Interactive, 6.0.0"
            var registered = Formatter.RegisteredFormatters(includeDefaults: false).Any(formatter => formatter.Type.Name == "GenericChart");
            Console.Write(registered);
            LineChart.Of([new Series("a", [1, 2], [3, 4])], "title", "x", "y")
            """);
        Assert.True(result.Status == CellStatus.Succeeded, string.Join('\n', result.Error?.Trace ?? []));
        Assert.Equal(new StreamOutput(IsError: false, "True"), Assert.Single(outputs.OfType<StreamOutput>()));
        Assert.DoesNotContain("cdn.plot.ly/plotly", outputs.OfType<ResultOutput>().Single().Data["text/html"], StringComparison.Ordinal);
    }

    /// <summary>Makes the two assemblies, each time under other names: a process loads an assembly of one name once.</summary>
    private string Make(string name)
    {
        var contract = Path.Combine(session.Folder, name + ".Contract.dll");
        Emit(Contract, contract, References.All);
        var path = Path.Combine(session.Folder, name + ".dll");
        Emit(Extensions, path, References.All.Add(MetadataReference.CreateFromFile(contract)));
        return path;
    }

    private static void Emit(string code, string path, IEnumerable<MetadataReference> references)
    {
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary);
        var made = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(path), [CSharpSyntaxTree.ParseText(code)], references, options).Emit(path);
        Assert.True(made.Success, string.Join('\n', made.Diagnostics));
    }
}
