using System.Diagnostics;
using FewShot.Runtime;
using FewShot.Text;

namespace FewShot.Transfer;

/// <summary>
/// A classifier of one's own texts: learnt from a table of texts and labels in seconds, kept in a file under 1 MB, used anywhere. It stands
/// on a frozen encoder of sentences, whose digest the file names; the encoder itself is not in the file.
/// </summary>
public sealed class TextClassifier : FewShotClassifier
{
    private readonly ITextEncoder encoder;
    private readonly IDisposable? owned;

    private TextClassifier(ITextEncoder encoder, IDisposable? owned, ClassifierState state)
        : base(state) => (this.encoder, this.owned) = (encoder, owned);

    /// <inheritdoc/>
    private protected override string Foundation => State.Card.Backbone;

    /// <summary>Whether a file holds a classifier of texts; otherwise it holds one of photos.</summary>
    /// <exception cref="FewShotException">The file is missing, damaged or no classifier.</exception>
    public static bool IsIn(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var read = ClassifierFile.Read(path);
        return read.Card.Options is TextClassifierOptions;
    }

    /// <summary>Learns the classes of a set of texts.</summary>
    /// <param name="texts">At least one text of each of two classes; <see cref="TextCsv"/> makes them of a file.</param>
    /// <param name="options">Settings.</param>
    /// <param name="encoder">What to stand on, which stays the caller's; null for the encoder that comes with the build.</param>
    /// <param name="progress">Told of sentences and folds.</param>
    /// <exception cref="FewShotException">There are fewer than two classes, or one without a text; a setting is out of range; or the
    /// encoder cannot be read.</exception>
    public static TextClassifier Train(
        TextSet texts, TextClassifierOptions? options = null, ITextEncoder? encoder = null, IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var clock = Stopwatch.StartNew();
        options ??= new TextClassifierOptions();
        options.Check("The classifier");
        ClassifierState.CheckClasses(texts.Name, texts.ClassNames, texts.Labels, options.Example);
        progress ??= ProgressSink.Current;
        return On(encoder, used =>
        {
            using var features = used.Encode(texts.Texts, progress);
            var origin = FeatureOrigin.Of(used, options);
            var record = NewRecord(texts.Name, texts.Digest, isStandIn: false, origin);
            return ClassifierState.Learn(features, texts.Labels, texts.ClassNames, origin, record, progress)
                .TookSeconds(clock.Elapsed.TotalSeconds);
        });
    }

    /// <summary>Reads a classifier.</summary>
    /// <param name="path">What <see cref="FewShotClassifier.Save"/> wrote.</param>
    /// <param name="encoder">The encoder that it stands on, which stays the caller's; null for the one that comes with the build.</param>
    /// <exception cref="FewShotException">The file is missing, damaged or no classifier of texts, or it stands on another encoder.
    /// </exception>
    public static TextClassifier Load(string path, ITextEncoder? encoder = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return On(encoder, used =>
        {
            var read = ClassifierFile.Read(path);
            try
            {
                if (read.Card.Options is not TextClassifierOptions options)
                {
                    throw new FewShotException(
                        $"{path} is a classifier of photos: open it with {nameof(Classifier)}.{nameof(Classifier.Load)}.");
                }

                RequireOrigin(path, read.Card, FeatureOrigin.Of(used, options), used.FeatureCount);
                return read;
            }
            catch
            {
                read.Dispose();
                throw;
            }
        });
    }

    /// <summary>What one text is about.</summary>
    /// <inheritdoc cref="Classify(IReadOnlyList{string}, int, IProgress{StepProgress})"/>
    /// <param name="text">The text.</param>
    /// <param name="top">Classes to name, at least 1.</param>
    public Classification Classify(string text, int top = 3) => Classify([text], top)[0];

    /// <summary>What each text is about.</summary>
    /// <param name="texts">At least one text, none of them empty.</param>
    /// <param name="top">Classes to name, at least 1.</param>
    /// <param name="progress">Told of sentences.</param>
    /// <returns>One answer for each text, in their order.</returns>
    /// <exception cref="FewShotException">There is no text, one is empty, or <paramref name="top"/> is below 1.</exception>
    public IReadOnlyList<Classification> Classify(IReadOnlyList<string> texts, int top = 3, IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return Answers(texts, () => encoder.Encode(texts, progress), top);
    }

    /// <summary>
    /// Learns a class that it did not have, or further texts of one that it has. No text of the other classes is needed, and the result is
    /// that of a training with these texts among them.
    /// </summary>
    /// <param name="name">The class.</param>
    /// <param name="texts">At least one text, none of them empty.</param>
    /// <param name="progress">Told of sentences and folds.</param>
    /// <exception cref="FewShotException">The name or a text is empty, or the classifier was learnt from more texts than it can hold
    /// (<see cref="FewShotClassifier.CanChange"/>). It is unchanged then.</exception>
    public void Add(string name, IReadOnlyList<string> texts, IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        AddFeatures(name, () => encoder.Encode(texts, progress), progress);
    }

    /// <summary>How good it is on a set of texts; classes that it does not know stand for the unknown.</summary>
    /// <param name="texts">At least one text.</param>
    /// <param name="progress">Told of sentences.</param>
    /// <exception cref="FewShotException">There is no text.</exception>
    public ClassifierEvaluation Evaluate(TextSet texts, IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        using var features = encoder.Encode(texts.Texts, progress);
        return Judge(features, texts.Labels, texts.ClassNames);
    }

    /// <summary>How many more texts? Accuracy against texts of each class, measured inside the texts that it was learnt from.</summary>
    /// <param name="draws">Draws for each number of texts, at least 1.</param>
    /// <param name="seed">Decides the draws.</param>
    /// <param name="progress">Told of the numbers.</param>
    /// <exception cref="FewShotException">A class has a single text, or the classifier was learnt from more texts than it can hold
    /// (<see cref="FewShotClassifier.CanChange"/>).</exception>
    public ExampleCurve HowManyTexts(int draws = 10, long seed = 0, IProgress<StepProgress>? progress = null) =>
        Curve(draws, seed, progress);

    /// <inheritdoc/>
    private protected override void DisposeFoundation() => owned?.Dispose();

    private static TextClassifier On(ITextEncoder? given, Func<ITextEncoder, ClassifierState> learn)
    {
        if (given is not null)
            return new TextClassifier(given, null, learn(given));
        var packaged = SentenceEncoder.Packaged();
        try
        {
            return new TextClassifier(packaged, packaged, learn(packaged));
        }
        catch
        {
            packaged.Dispose();
            throw;
        }
    }
}
