using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace FewShot.Kernel.Tests.Jupyter;

public sealed class HostileTests : IDisposable
{
    private readonly KernelFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private JupyterClient Client => fixture.Client;

    [Fact]
    public void Should_NotRun_When_TheSignatureIsWrongOrMissing()
    {
        var frames = Client.Frames("execute_request", new JsonObject { ["code"] = "Console.Write(\"stolen\")" }, out _);
        byte[][] signatures =
        [
            [],
            new byte[64],
            Encoding.ASCII.GetBytes(new string('0', 64)),
            [.. frames[1].SkipLast(1)],
            [.. frames[1], (byte)'0'],
            Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(frames[1]).ToUpperInvariant()),
        ];
        foreach (var signature in signatures)
            JupyterClient.Send(Client.Shell, [frames[0], signature, .. frames.Skip(2)]);
        ShouldHaveRunNothing();
        Assert.Equal(6, fixture.Refused.Count(line => line.Contains("signature", StringComparison.Ordinal)));
    }

    [Fact]
    public void Should_NotRun_When_OnePartWasChanged()
    {
        for (var part = 2; part < 6; part++)
        {
            var frames = Client.Frames("execute_request", new JsonObject { ["code"] = "Console.Write(\"stolen\")" }, out _);
            frames[part] = [.. frames[part], (byte)' '];
            JupyterClient.Send(Client.Shell, frames);
        }

        ShouldHaveRunNothing();
    }

    [Fact]
    public void Should_RunOnce_When_AMessageIsReplayed()
    {
        Client.Run("var runs = 0;");
        var frames = Client.Frames("execute_request", new JsonObject { ["code"] = "runs++;" }, out var id);
        for (var time = 0; time < 3; time++)
            JupyterClient.Send(Client.Shell, frames);
        Client.Reply(Client.Shell, id);
        JupyterClient.Send(Client.Control, frames);
        Client.Reply(Client.Control, Client.Send(Client.Control, "kernel_info_request", []));
        var (_, outputs) = Client.Run("runs");
        Assert.Equal("1", (string?)outputs.Single(message => message.Type == "execute_result").Content["data"]!["text/plain"]);
        Assert.Equal(3, fixture.Refused.Count(line => line.Contains("received before", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{\"msg_id\": 5, \"msg_type\": \"execute_request\"}")]
    [InlineData("{\"msg_id\": \"a\"}")]
    [InlineData("{\"msg_id\": \"a\", \"msg_id\": \"b\", \"msg_type\": \"execute_request\"}")]
    public void Should_StayUsable_When_ASignedHeaderIsNotAsItMustBe(string header)
    {
        byte[][] parts = [Encoding.UTF8.GetBytes(header), "{}"u8.ToArray(), "{}"u8.ToArray(), "{}"u8.ToArray()];
        JupyterClient.Send(Client.Shell, Client.Sign(parts));
        ShouldHaveRunNothing();
    }

    [Fact]
    public void Should_StayUsable_When_SignedJsonIsDeepOrNoUtf8()
    {
        var good = Client.Frames("execute_request", new JsonObject { ["code"] = "1" }, out _);
        byte[][] contents =
        [
            Encoding.ASCII.GetBytes(new string('[', 100_000)),
            [0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d],
            Encoding.ASCII.GetBytes("{\"code\": \"\\ud800\"}"),
            [],
        ];
        foreach (var content in contents)
            JupyterClient.Send(Client.Shell, Client.Sign([good[2], good[3], good[4], content]));
        ShouldHaveRunNothing();
    }

    [Fact]
    public void Should_StillAnswer_When_TenThousandMessagesAreMalformed()
    {
        var random = new Random(11);
        for (var turn = 0; turn < 10_000; turn++)
        {
            var frames = Client.Frames("execute_request", new JsonObject { ["code"] = "Console.Write(\"stolen\")" }, out _);
            frames[1] = Encoding.ASCII.GetBytes(new string('a', 64));
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var at = random.Next(frames.Count);
                switch (random.Next(4))
                {
                    case 0:
                        frames.RemoveAt(at);
                        break;
                    case 1:
                        frames.Insert(at, Noise(random, random.Next(200)));
                        break;
                    case 2:
                        frames[at] = Noise(random, random.Next(200));
                        break;
                    default:
                        frames.AddRange(Enumerable.Range(0, random.Next(80)).Select(_ => Noise(random, 3)));
                        break;
                }

                if (frames.Count == 0)
                    frames.Add([]);
            }

            JupyterClient.Send(turn % 3 == 0 ? Client.Control : turn % 3 == 1 ? Client.Stdin : Client.Shell, frames);
        }

        ShouldHaveRunNothing();
    }

    [Fact]
    public void Should_StillAnswer_When_StrangersWriteToItsPorts()
    {
        var random = new Random(13);
        var connection = fixture.Connection;
        int[] ports = [connection.Shell, connection.Control, connection.Iopub, connection.Stdin, connection.Heartbeat];
        foreach (var port in ports)
        {
            for (var turn = 0; turn < 20; turn++)
            {
                using var stranger = new TcpClient(connection.Ip, port);
                byte[] text = turn % 4 == 0
                    ? "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray()
                    : turn % 4 == 1
                        ? [0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, .. Noise(random, 80)]
                        : Noise(random, random.Next(1, 2000));
                try
                {
                    stranger.GetStream().Write(text);
                }
                catch (IOException)
                {
                    // The kernel has turned the stranger away.
                }
            }
        }

        ShouldHaveRunNothing();
        Assert.Equal([9], Client.Beat([9]));
    }

    [Fact]
    public void Should_BeReachedNowhereElse_When_TheConnectionFileNamesOneAddress()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux answers at all of 127.0.0.0/8.");
        var connection = fixture.Connection;
        int[] ports = [connection.Shell, connection.Control, connection.Iopub, connection.Stdin, connection.Heartbeat];
        foreach (var port in ports)
        {
            using (var there = new TcpClient(connection.Ip, port))
                Assert.True(there.Connected);
            var error = Assert.Throws<SocketException>(() => new TcpClient("127.0.0.2", port));
            Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
        }
    }

    [Fact]
    public void Should_DropTheMessage_When_ItHasTooManyFrames()
    {
        var frames = Client.Frames("execute_request", new JsonObject { ["code"] = "Console.Write(\"stolen\")" }, out _);
        JupyterClient.Send(Client.Shell, [.. frames, .. Enumerable.Range(0, 1000).Select(_ => new byte[1])]);
        ShouldHaveRunNothing();
    }

    private void ShouldHaveRunNothing()
    {
        var (reply, outputs) = Client.Run("40 + 2");
        Assert.Equal("ok", (string?)reply.Content["status"]);
        Assert.Equal("42", (string?)outputs.Single(message => message.Type == "execute_result").Content["data"]!["text/plain"]);
        Assert.DoesNotContain("stolen", JupyterClient.Text(Client.Published), StringComparison.Ordinal);
    }

    private static byte[] Noise(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
