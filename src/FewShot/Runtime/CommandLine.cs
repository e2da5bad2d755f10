namespace FewShot.Runtime;

/// <summary>The command that this process carries out, as a reader types it in the folder of the course.</summary>
public static class CommandLine
{
    private const string Start = "dotnet run -c Release --project src/FewShot.Kernel --";

    // Variables that choose what is computed: without them the command would be another one. Variables that name folders are left out,
    // since a record names its data by digests.
    private static readonly string[] Variables = ["FEWSHOT_BACKBONE", "FEWSHOT_DEVICE", "FEWSHOT_PROFILE"];

    /// <summary>What <see cref="RunRecord.Capture"/> writes down; null in a notebook, a test or a program of yours.</summary>
    public static string? Current { get; private set; }

    /// <summary>Says that a command of the course's program is carried out from now on.</summary>
    /// <param name="arguments">Its arguments: "train-meta", "omniglot", "--way", "5".</param>
    public static void Set(IEnumerable<string> arguments) => Current = Of(arguments, Environment.GetEnvironmentVariable);

    internal static string Of(IEnumerable<string> arguments, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var chosen = Variables
            .Where(name => !string.IsNullOrWhiteSpace(variable(name)))
            .Select(name => $"{name}={Quoted(variable(name)!)}");
        return string.Join(' ', chosen.Append(Start).Concat(arguments.Select(Quoted)));
    }

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./=:,".Contains(letter, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
