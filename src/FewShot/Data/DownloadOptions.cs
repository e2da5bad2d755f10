namespace FewShot.Data;

/// <summary>Whether and how patiently files are downloaded.</summary>
public sealed record DownloadOptions
{
    /// <summary>The variable that forbids downloads when it is 1.</summary>
    public const string OfflineVariable = "FEWSHOT_OFFLINE";

    /// <summary>True to ask no server; by default what <c>FEWSHOT_OFFLINE</c> says.</summary>
    public bool Offline { get; init; } = Environment.GetEnvironmentVariable(OfflineVariable) is "1" or "true";

    /// <summary>How long one server may take to accept a connection; without a network this is all that is waited.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a server may send nothing at all.</summary>
    public TimeSpan NoProgressTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long another program that downloads the same file may bring nothing, unpacking included.</summary>
    public TimeSpan OtherProgramTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often to try again after a connection that broke or a server that is busy; at least 1.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>The pause before the first retry; each further one is twice as long.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);
}
