using System.Text;
using System.Text.Json.Nodes;
using FewShot.Kernel.Jupyter;
using FewShot.Runtime;

namespace FewShot.Kernel.Tests.Jupyter;

public sealed class ConnectionFileTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Should_TakeEveryField_When_TheFileIsJupyters()
    {
        var read = ConnectionFile.Read(Write(Example()));
        Assert.Equal(("127.0.0.1", 1, 2, 3, 4, 5), (read.Ip, read.Shell, read.Control, read.Iopub, read.Stdin, read.Heartbeat));
        Assert.Equal("a-key", Encoding.UTF8.GetString(read.Key));
    }

    [Theory]
    [InlineData("transport", "\"ipc\"")]
    [InlineData("signature_scheme", "\"hmac-md5\"")]
    [InlineData("key", "\"\"")]
    [InlineData("key", "null")]
    [InlineData("ip", "\"example.org\"")]
    [InlineData("ip", "7")]
    [InlineData("shell_port", "0")]
    [InlineData("iopub_port", "65536")]
    [InlineData("hb_port", "\"5\"")]
    [InlineData("stdin_port", "1.5")]
    public void Should_NameTheField_When_ItIsNotAsItMustBe(string field, string value)
    {
        var example = Example();
        example[field] = JsonNode.Parse(value);
        var error = Assert.Throws<FewShotException>(() => ConnectionFile.Read(Write(example)));
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
        example.Remove(field);
        error = Assert.Throws<FewShotException>(() => ConnectionFile.Read(Write(example)));
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"ip\": ")]
    public void Should_NameTheFile_When_ItIsNoObject(string text)
    {
        File.WriteAllText(folder["c.json"], text);
        var error = Assert.Throws<FewShotException>(() => ConnectionFile.Read(folder["c.json"]));
        Assert.Contains("c.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheFile_When_ItIsMissingOrHuge()
    {
        var missing = Assert.Throws<FewShotException>(() => ConnectionFile.Read(folder["none.json"]));
        Assert.Contains("none.json", missing.Message, StringComparison.Ordinal);
        File.WriteAllBytes(folder["huge.json"], new byte[1 << 20]);
        var huge = Assert.Throws<FewShotException>(() => ConnectionFile.Read(folder["huge.json"]));
        Assert.Contains("too much", huge.Message, StringComparison.Ordinal);
    }

    private static JsonObject Example() => new()
    {
        ["transport"] = "tcp",
        ["ip"] = "127.0.0.1",
        ["signature_scheme"] = "hmac-sha256",
        ["key"] = "a-key",
        ["kernel_name"] = ".net-csharp",
        ["shell_port"] = 1,
        ["control_port"] = 2,
        ["iopub_port"] = 3,
        ["stdin_port"] = 4,
        ["hb_port"] = 5,
    };

    private string Write(JsonObject content)
    {
        File.WriteAllText(folder["c.json"], content.ToJsonString());
        return folder["c.json"];
    }
}
