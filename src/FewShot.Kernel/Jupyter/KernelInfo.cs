using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace FewShot.Kernel.Jupyter;

/// <summary>What the kernel says of itself.</summary>
internal static class KernelInfo
{
    public static JsonObject Answer()
    {
        var version = typeof(KernelInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0] ?? "unknown";
        return new JsonObject
        {
            ["protocol_version"] = "5.4",
            ["implementation"] = "fewshot",
            ["implementation_version"] = version,
            ["banner"] = $"C# notebooks of the few-shot course {version}, on {RuntimeInformation.FrameworkDescription}",
            ["debugger"] = false,
            ["help_links"] = new JsonArray(),
            ["language_info"] = new JsonObject
            {
                ["name"] = "C#",
                ["version"] = "14.0",
                ["mimetype"] = "text/x-csharp",
                ["file_extension"] = ".cs",
                ["pygments_lexer"] = "csharp",
                ["codemirror_mode"] = "text/x-csharp",
            },
        }.Ok();
    }
}
