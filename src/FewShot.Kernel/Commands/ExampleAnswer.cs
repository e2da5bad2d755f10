using FewShot.Transfer;

namespace FewShot.Kernel.Commands;

/// <summary>What was said of a photo or text, or why nothing could be said.</summary>
internal sealed record ExampleAnswer(Classification Answer, string? Fault);
