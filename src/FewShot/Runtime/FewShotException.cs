namespace FewShot.Runtime;

/// <summary>
/// Input, a file or a setting is not as it must be. The message is a sentence for the person at the keyboard: it names the
/// file or field, what was found, and what to do.
/// </summary>
public sealed class FewShotException : Exception
{
    /// <summary>An error with its message.</summary>
    public FewShotException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its message and what caused it.</summary>
    public FewShotException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
