using System.Globalization;
using FewShot.Evaluation;
using FewShot.Runtime;
using FewShot.Text;

namespace FewShot.Studies;

/// <summary>What <see cref="IntentStudy"/> found, read from its record.</summary>
public sealed class IntentStudyResult
{
    internal const string TestQuestions = "test questions";
    internal const string NamesAlone = "names alone";

    private readonly int draws;

    /// <summary>Reads a record.</summary>
    /// <param name="record">One of this study.</param>
    /// <exception cref="FewShotException">It is a record of something else.</exception>
    public IntentStudyResult(RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (!record.Results.TryGetValue(TestQuestions, out var questions) || !record.Results.TryGetValue(NamesAlone, out var names)
            || !record.Options.TryGetValue("draws", out var count) || !record.Options.TryGetValue("perIntent", out var perIntent)
            || !record.Options.TryGetValue("tuned", out var tuned))
        {
            throw new FewShotException($"The record \"{record.Name}\" is no study of intents.");
        }

        Record = record;
        draws = count.GetInt32();
        QuestionCount = (long)questions;
        Names = new Accuracy((long)Math.Round(names * QuestionCount), QuestionCount) { Example = "question" };
        PerIntent = [.. perIntent.EnumerateArray().Select(one => one.GetInt32())];
        Tuned = tuned.GetInt32();
    }

    /// <summary>Where the command <c>table text</c> writes its record, and where the course keeps it.</summary>
    /// <exception cref="FewShotException">The program does not run inside a copy of the course.</exception>
    public static string RecordPath => StudyRecords.PathOf("banking77");

    /// <summary>The shares of known questions that are accepted, where strangers are refused.</summary>
    public static IReadOnlyList<double> Acceptances { get; } = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];

    /// <summary>The rows with labels alone, and those with varied texts or a tuned encoder.</summary>
    public static IReadOnlyList<string> Methods { get; } =
    [
        .. IntentMethod.Plain.Select(method => method.Name), IntentMethod.WithoutMixup.Name,
        .. IntentMethod.Varied.Select(pair => pair.With.Name), IntentMethod.Tuned,
    ];

    /// <summary>Pairs of rows without and with varied texts.</summary>
    public static IReadOnlyList<(string Without, string With)> Variations { get; } =
        [.. IntentMethod.Varied.Select(pair => (pair.Without, pair.With.Name))];

    /// <summary>The record: data, weights, settings, machine.</summary>
    public RunRecord Record { get; }

    /// <summary>Test questions of each draw.</summary>
    public long QuestionCount { get; }

    /// <summary>From the names of the intents alone, no question labelled.</summary>
    public Accuracy Names { get; }

    /// <summary>Labelled questions of each intent.</summary>
    public IReadOnlyList<int> PerIntent { get; }

    /// <summary>Labelled questions of each intent where the encoder is tuned, strangers are refused and languages compared.</summary>
    public int Tuned { get; }

    /// <summary>One cell, or null where this method was not tried with so many labels.</summary>
    /// <param name="method">One of <see cref="Methods"/>.</param>
    /// <param name="perIntent">One of <see cref="PerIntent"/>.</param>
    public DrawSummary? Accuracy(string method, int perIntent) => Record.Results.ContainsKey(Key(method, perIntent, 0))
        ? new([.. Enumerable.Range(0, draws).Select(draw => Counted(Key(method, perIntent, draw), QuestionCount))])
        : null;

    /// <summary>How much better the second of two rows is on the same draws.</summary>
    /// <param name="without">One of <see cref="Methods"/>.</param>
    /// <param name="with">Another.</param>
    /// <param name="perIntent">Labelled questions of each intent, for which both were tried.</param>
    /// <exception cref="FewShotException">One of them was not tried with so many labels.</exception>
    public PairedDraws Compare(string without, string with, int perIntent)
    {
        DrawSummary Of(string method) => Accuracy(method, perIntent)
            ?? throw new FewShotException($"The record holds no result of '{method}' with {perIntent} labels of each intent.");
        return new(Of(without), Of(with));
    }

    /// <summary>How well strangers are told from known intents: the mean area under the curve, with the interval over draws.</summary>
    public Estimate Auroc => Mean(AurocKey);

    /// <summary>The share of strangers that is accepted where so many of the known questions are.</summary>
    /// <param name="share">One of <see cref="Acceptances"/>.</param>
    public Estimate StrangersAccepted(double share) => Mean(draw => AcceptedKey(share, draw));

    /// <summary>The questions written for the course, in one language.</summary>
    /// <param name="language">One of <see cref="BankQuestions.Languages"/>.</param>
    public DrawSummary InLanguage(string language)
    {
        var questions = BankQuestions.In(language).Count;
        return new([.. Enumerable.Range(0, draws).Select(draw => Counted(LanguageKey(language, draw), questions))]);
    }

    internal static string Key(string method, int perIntent, int draw) =>
        string.Create(CultureInfo.InvariantCulture, $"{method}, {perIntent} of each intent, {SubsetStudyResult.DrawName(draw)}");

    internal static string AurocKey(int draw) => $"strangers, AUROC, {SubsetStudyResult.DrawName(draw)}";

    internal static string AcceptedKey(double share, int draw) => string.Create(
        CultureInfo.InvariantCulture, $"strangers accepted at {share:0.00} of the known, {SubsetStudyResult.DrawName(draw)}");

    internal static string LanguageKey(string language, int draw) => $"{language} questions, {SubsetStudyResult.DrawName(draw)}";

    private Accuracy Counted(string key, long count) => new((long)Math.Round(Record.Results[key] * count), count) { Example = "question" };

    private Estimate Mean(Func<int, string> key)
    {
        double[] values = [.. Enumerable.Range(0, draws).Select(draw => Record.Results[key(draw)])];
        var interval = Interval.OfMean(values);
        return new Estimate(values.Average(), interval.Low, interval.High);
    }
}
