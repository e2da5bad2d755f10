using FewShot.Runtime;

namespace FewShot.Text;

/// <summary>
/// BANKING77 (Casanueva, Temcinas, Gerz, Henderson and Vulic 2020, "Efficient Intent Detection with Dual Sentence Encoders"): questions
/// that customers put to a bank, each with one of 77 intents. It travels inside the library (CC BY 4.0, <c>data/banking77</c>).
/// </summary>
public static class Banking77
{
    private static readonly TextCsvOptions Columns = new() { LabelColumn = "category" };

    /// <summary>The 77 intents in alphabetical order.</summary>
    public static IReadOnlyList<string> Intents => Test.ClassNames;

    /// <summary>10,003 questions to take labelled ones from; an intent has 35 to 187.</summary>
    public static TextSet Train => TrainSet.Value;

    /// <summary>3,080 questions, 40 of each intent.</summary>
    public static TextSet Test => TestSet.Value;

    /// <summary>
    /// The intents as people would write them, each the only text of its class: what is known before any question is labelled.
    /// </summary>
    public static TextSet Names =>
        new("names of intents", Intents.Select(Readable), Intents.Index().Select(intent => (long)intent.Index), Intents);

    private static readonly Lazy<TextSet> TrainSet = new(() => Read("train"));
    private static readonly Lazy<TextSet> TestSet = new(() => Read("test"));

    /// <summary>An intent as a person would write it: "card_arrival" becomes "card arrival".</summary>
    public static string Readable(string intent)
    {
        ArgumentNullException.ThrowIfNull(intent);
        return intent.Replace('_', ' ').TrimEnd('?').ToLowerInvariant();
    }

    private static TextSet Read(string part)
    {
        var resource = $"banking77/{part}.csv";
        using var stream = typeof(Banking77).Assembly.GetManifestResourceStream(resource)
            ?? throw new FewShotException($"{resource} is not inside FewShot.dll: build the library again.");
        var set = TextCsv.Read(stream, resource, Columns);
        return set.Select([.. Enumerable.Range(0, set.Count)], $"BANKING77 {part}");
    }
}
