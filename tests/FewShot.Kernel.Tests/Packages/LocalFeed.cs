using System.IO.Compression;
using System.Security;
using FewShot.Kernel.Packages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FewShot.Kernel.Tests.Packages;

/// <summary>A folder of packages that the test makes, and the NuGet.config that leads to it and to nothing else.</summary>
internal sealed class LocalFeed
{
    private readonly string folder;

    /// <param name="root">Where the configuration goes: the notebook's folder.</param>
    public LocalFeed(string root)
    {
        folder = Path.Combine(root, "feed");
        Directory.CreateDirectory(folder);
        Configure(root, "feed");
    }

    /// <summary>One source; packages are unpacked beside it, not in the user's folder.</summary>
    public static void Configure(string root, string source) => File.WriteAllText(Path.Combine(root, "NuGet.config"), $"""
        <configuration>
          <config><add key="globalPackagesFolder" value="packages" /></config>
          <packageSources><clear /><add key="only" value="{SecurityElement.Escape(source)}" allowInsecureConnections="true" /></packageSources>
        </configuration>
        """);

    /// <summary>Makes a package of one assembly.</summary>
    /// <param name="id">The package's and the assembly's name.</param>
    /// <param name="version">Its version.</param>
    /// <param name="code">C#.</param>
    /// <param name="needs">A package of this feed that it needs, in version 1.0.0, and references.</param>
    /// <param name="native">A native library for Linux (x64) to carry, by file name.</param>
    public void Add(string id, string version, string code, string? needs = null, (string Name, string Path)? native = null)
    {
        var references = needs is null ? References.All : References.All.Add(MetadataReference.CreateFromImage(Assembly(needs)));
        using var assembly = new MemoryStream();
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary);
        var emitted = CSharpCompilation.Create(id, [CSharpSyntaxTree.ParseText(code)], references, options).Emit(assembly);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        using var package = ZipFile.Open(PathOf(id, version), ZipArchiveMode.Create);
        var dependency = needs is null ? string.Empty : $"""<dependency id="{needs}" version="1.0.0" />""";
        Entry($"{id}.nuspec", System.Text.Encoding.UTF8.GetBytes($"""
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>
              <id>{id}</id><version>{version}</version><authors>test</authors><description>test</description>
              <dependencies><group targetFramework="net8.0">{dependency}</group></dependencies>
            </metadata></package>
            """));
        Entry($"lib/net8.0/{id}.dll", assembly.ToArray());
        if (native is { } library)
            Entry($"runtimes/linux-x64/native/{library.Name}", File.ReadAllBytes(library.Path));

        void Entry(string name, byte[] content)
        {
            using var stream = package.CreateEntry(name).Open();
            stream.Write(content);
        }
    }

    /// <summary>Makes an assembly.</summary>
    public static void Build(string path, string code)
    {
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary);
        var name = Path.GetFileNameWithoutExtension(path);
        Assert.True(CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(code)], References.All, options).Emit(path).Success);
    }

    private byte[] Assembly(string id)
    {
        using var package = ZipFile.OpenRead(PathOf(id, "1.0.0"));
        using var stream = package.Entries.Single(entry => entry.FullName.EndsWith(".dll", StringComparison.Ordinal)).Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private string PathOf(string id, string version) => Path.Combine(folder, $"{id}.{version}.nupkg");
}
