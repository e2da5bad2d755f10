namespace FewShot.Runtime;

/// <summary>
/// Where a line goes that tells of something lost which no result depends on, such as a cache that cannot be written.
/// </summary>
public static class Warnings
{
    private static readonly AsyncLocal<Action<string>?> Own = new();

    /// <summary>Takes the lines of this flow of control; null, the default, for standard error.</summary>
    public static Action<string>? Receiver
    {
        get => Own.Value;
        set => Own.Value = value;
    }

    internal static void Say(string line) => (Own.Value ?? Console.Error.WriteLine)(line);
}
