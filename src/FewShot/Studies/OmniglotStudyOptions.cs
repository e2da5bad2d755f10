using FewShot.Models;
using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>How the Omniglot study trains and measures; the defaults are the protocol of Finn et al. 2017 for 5-way 1-shot.</summary>
public sealed record OmniglotStudyOptions
{
    /// <summary>The method that is trained.</summary>
    public MetaMethod Method { get; init; }

    /// <summary>Classes of an episode.</summary>
    public int Way { get; init; } = 5;

    /// <summary>
    /// Classes of a training episode; null for as many as at the test. A prototypical network learns better from more (Snell et al. 2017,
    /// section 2.6); the others have a head of fixed size and cannot.
    /// </summary>
    public int? TrainWay { get; init; }

    /// <summary>Support images of each class.</summary>
    public int Shot { get; init; } = 1;

    /// <summary>Query images of each class in training; the paper's code takes as many as shots.</summary>
    public int TrainQueries { get; init; } = 1;

    /// <summary>Episodes in a meta-batch.</summary>
    public int MetaBatch { get; init; } = 32;

    /// <summary>Meta-batches in all; the schedule spans them even where a limit stops the training before.</summary>
    public long Iterations { get; init; } = 60_000;

    /// <summary>Adam's learning rate at the start (for Reptile the plain outer step is 1 instead).</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>How it changes (for Reptile: down to 0 in a straight line instead).</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>
    /// Iterations from the start in which training drawings are varied, which the paper does not do: each is turned by up to 10
    /// degrees, shifted by up to 2 of 28 pixels and enlarged by up to a ninth. Above 0, the mirror image of every training character is
    /// a class of its own, to the end. What is judged stays as it was drawn.
    /// </summary>
    public long VariedIterations { get; init; }

    /// <summary>
    /// How query images are normalised in training and validation. A prototypical network does not look: it trains with the means of the
    /// whole meta-batch, and answers with the running averages of them.
    /// </summary>
    public BatchNormMode BatchNorm { get; init; } = BatchNormMode.Transductive;

    /// <summary>Iterations between two validations.</summary>
    public long ValidateEvery { get; init; } = 500;

    /// <summary>Episodes of the validation characters in each validation, always the same ones; a multiple of 20.</summary>
    public int ValidationEpisodes { get; init; } = 200;

    /// <summary>Query images of each class in validation and test: 15, the field's usual number.</summary>
    public int TestQueries { get; init; } = 15;

    /// <summary>Frozen episodes of the test characters.</summary>
    public int TestEpisodes { get; init; } = 600;

    /// <summary>Decides weights and the episodes of training and validation.</summary>
    public long Seed { get; init; }

    /// <summary>Decides the test episodes. No training and no choice depends on it, and every method is judged on the same list.</summary>
    public long TestSeed { get; init; } = 20261125;
}
