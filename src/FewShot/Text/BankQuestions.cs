using FewShot.Runtime;

namespace FewShot.Text;

/// <summary>
/// Forty questions to a bank in three languages, written for this course (<c>data/questions</c>): one for each of forty intents of
/// <see cref="Banking77"/>.
/// </summary>
public static class BankQuestions
{
    private const string Resource = "questions.csv";

    /// <summary>The languages.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["English", "German", "Chinese"];

    /// <summary>The questions in one language; their classes are all intents of <see cref="Banking77"/>.</summary>
    /// <param name="language">One of <see cref="Languages"/>.</param>
    /// <exception cref="FewShotException">There is no such language.</exception>
    public static TextSet In(string language)
    {
        if (!Languages.Contains(language))
            throw new FewShotException($"There are no questions in '{language}': the languages are {string.Join(", ", Languages)}.");
        using var stream = typeof(BankQuestions).Assembly.GetManifestResourceStream(Resource)
            ?? throw new FewShotException($"{Resource} is not inside FewShot.dll: build the library again.");
        var read = TextCsv.Read(stream, Resource, new() { TextColumn = language.ToLowerInvariant(), LabelColumn = "intent" });
        var intents = Banking77.Intents.Index().ToDictionary(intent => intent.Item, intent => (long)intent.Index, StringComparer.Ordinal);
        return new TextSet(
            $"{language} questions", read.Texts, read.Labels.Select(label => intents[read.ClassNames[(int)label]]), Banking77.Intents);
    }
}
