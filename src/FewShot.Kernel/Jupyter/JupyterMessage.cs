using System.Text.Json.Nodes;

namespace FewShot.Kernel.Jupyter;

/// <summary>A message that was received and whose signature is right.</summary>
/// <param name="Identities">Frames that name the sender; a reply begins with them.</param>
/// <param name="HeaderBytes">The header as it came: it becomes the parent header, unchanged, of all that the message leads to.</param>
/// <param name="Id">The header's <c>msg_id</c>.</param>
/// <param name="Type">The header's <c>msg_type</c>.</param>
/// <param name="Metadata">Metadata.</param>
/// <param name="Content">What it asks.</param>
internal sealed record JupyterMessage(
    IReadOnlyList<byte[]> Identities, byte[] HeaderBytes, string Id, string Type, JsonObject Metadata, JsonObject Content);

/// <summary>A message is not what the protocol allows; it is left unanswered.</summary>
internal sealed class RefusedMessageException(string reason) : Exception(reason);
