using FewShot.Transfer;

namespace FewShot.Kernel.Commands;

/// <summary>What was said of a photo, or why nothing could be said.</summary>
internal sealed record PhotoAnswer(Classification Answer, string? Fault);
