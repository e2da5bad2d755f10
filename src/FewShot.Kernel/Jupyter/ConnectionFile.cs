using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using FewShot.Runtime;

namespace FewShot.Kernel.Jupyter;

/// <summary>
/// Where a Jupyter front end wants its kernel to listen, and the key that both sign with (Jupyter messaging 5.4, "connection files").
/// </summary>
/// <param name="Ip">The address to bind, and no other.</param>
/// <param name="Shell">Port of the shell channel.</param>
/// <param name="Control">Port of the control channel.</param>
/// <param name="Iopub">Port on which outputs are published.</param>
/// <param name="Stdin">Port on which the kernel asks for input.</param>
/// <param name="Heartbeat">Port that echoes.</param>
/// <param name="Key">Key of the signatures; never empty.</param>
internal sealed record ConnectionFile(string Ip, int Shell, int Control, int Iopub, int Stdin, int Heartbeat, byte[] Key)
{
    private const int LargestFile = 64 << 10;

    /// <summary>Reads a connection file.</summary>
    /// <exception cref="FewShotException">The file is missing, no JSON, or asks for what is not served; the
    /// message names the field.</exception>
    public static ConnectionFile Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Length > LargestFile)
                throw new FewShotException($"{path} is {file.Length:N0} bytes long: too much for a connection file.");
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return Parse(document.RootElement, path);
        }
        catch (JsonException e)
        {
            throw new FewShotException($"{path} is not a connection file: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FewShotException($"The connection file {path} cannot be read: {e.Message}", e);
        }
    }

    private static ConnectionFile Parse(JsonElement root, string path)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new FewShotException($"{path} is not a connection file: it holds no object.");
        if (Text("transport") is var transport and not "tcp")
            throw new FewShotException($"{path}: transport is '{transport}'; this kernel serves tcp.");
        if (Text("signature_scheme") is var scheme and not "hmac-sha256")
            throw new FewShotException($"{path}: signature_scheme is '{scheme}'; this kernel signs with hmac-sha256.");
        var key = Text("key");
        if (key.Length == 0)
        {
            throw new FewShotException(
                $"{path}: key is empty, so anyone on this machine could run code here. "
                + "Start the kernel through Jupyter, which makes a key.");
        }

        var ip = Text("ip") is var given && given == "localhost" ? "127.0.0.1" : given;
        if (ip != "*" && !(IPAddress.TryParse(ip, out var address) && address.AddressFamily == AddressFamily.InterNetwork))
            throw new FewShotException($"{path}: ip is '{ip}'; it must be an IPv4 address.");
        return new ConnectionFile(
            ip,
            Port("shell_port"),
            Port("control_port"),
            Port("iopub_port"),
            Port("stdin_port"),
            Port("hb_port"),
            Encoding.UTF8.GetBytes(key));

        string Text(string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new FewShotException($"{path}: {name} is missing, or no text.");

        int Port(string name) => root.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out var port)
            && port is > 0 and <= ushort.MaxValue
                ? port
                : throw new FewShotException($"{path}: {name} is missing, or no port from 1 to 65535.");
    }
}
