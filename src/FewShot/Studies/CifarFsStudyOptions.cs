using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>How the CIFAR-FS study trains and measures; <see cref="For"/> gives the published protocols.</summary>
public sealed record CifarFsStudyOptions
{
    /// <summary>The method: <see cref="MetaMethod.Maml"/> or <see cref="MetaMethod.PrototypicalNetwork"/>.</summary>
    public required MetaMethod Method { get; init; }

    /// <summary>Classes of an episode.</summary>
    public int Way { get; init; } = 5;

    /// <summary>Classes of a training episode.</summary>
    public int TrainWay { get; init; } = 5;

    /// <summary>Support images of each class.</summary>
    public int Shot { get; init; } = 1;

    /// <summary>Query images of each class, in training, validation and test.</summary>
    public int Queries { get; init; } = 15;

    /// <summary>Filters of each convolution of the Conv4.</summary>
    public int Filters { get; init; } = 32;

    /// <summary>Episodes in a meta-batch.</summary>
    public int MetaBatch { get; init; } = 4;

    /// <summary>Meta-batches in all; the schedule spans them even where a limit stops the training before.</summary>
    public long Iterations { get; init; } = 60_000;

    /// <summary>Adam's learning rate at the start.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>How it changes.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>Iterations between two validations.</summary>
    public long ValidateEvery { get; init; } = 500;

    /// <summary>Episodes of the validation classes in each validation, always the same ones; a multiple of 20.</summary>
    public int ValidationEpisodes { get; init; } = 200;

    /// <summary>Frozen episodes of the test classes.</summary>
    public int TestEpisodes { get; init; } = 600;

    /// <summary>Decides weights and the episodes of training and validation.</summary>
    public long Seed { get; init; }

    /// <summary>Decides the test episodes. No training and no choice depends on it.</summary>
    public long TestSeed { get; init; } = 20261126;

    /// <summary>
    /// The protocol of a method. MAML: 32 filters, meta-batches of 4 episodes for one shot and 2 for more, 60,000 of them (Finn et al.
    /// 2017, section 5.2). Prototypical network: 64 filters, one episode at a time, of 20 classes, the learning rate falling (Snell et al.
    /// 2017, section 3.2, which halves it in steps and takes 30 classes for one shot; here it falls as a cosine).
    /// </summary>
    /// <exception cref="FewShotException">There is no protocol for the method.</exception>
    public static CifarFsStudyOptions For(MetaMethod method, int shot) => method switch
    {
        MetaMethod.Maml => new() { Method = method, Shot = shot, MetaBatch = shot == 1 ? 4 : 2 },
        MetaMethod.PrototypicalNetwork => new()
        {
            Method = method,
            Shot = shot,
            TrainWay = 20,
            Filters = 64,
            MetaBatch = 1,
            Iterations = 20_000,
            Schedule = LearningRateSchedule.Cosine,
        },
        _ => throw new FewShotException($"On CIFAR-FS, Maml and PrototypicalNetwork are trained; found {method}."),
    };
}
