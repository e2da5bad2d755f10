using FewShot.Episodes;
using FewShot.Runtime;

namespace FewShot.Meta;

/// <summary>
/// Trains a <see cref="MetaLearner"/>. On the CPU a training is a function of learner, tasks and options alone: stopped after any
/// iteration and resumed from a checkpoint, it ends in the same weights bit for bit.
/// </summary>
public sealed class MetaTrainer : IDisposable
{
    /// <summary>Prepares a training; the learner is trained in place and stays the caller's, as do the sources.</summary>
    /// <param name="learner">What is trained.</param>
    /// <param name="training">Its tasks.</param>
    /// <param name="validation">Tasks that choose the best weights, none of which is trained on or tested on; null to take the last ones.</param>
    /// <param name="options">Settings.</param>
    public MetaTrainer(MetaLearner learner, ITaskSource training, ITaskSource? validation = null, MetaTrainerOptions? options = null) => throw new NotImplementedException();

    /// <summary>Meta-batches done.</summary>
    public long Iteration => throw new NotImplementedException();

    /// <summary>What was seen on the way.</summary>
    public IReadOnlyList<MetaPoint> History => throw new NotImplementedException();

    /// <summary>The best point by validation (accuracy, for regression loss); null without validation.</summary>
    public MetaPoint? Best => throw new NotImplementedException();

    /// <summary>Runs to the end, then puts the best weights by validation into the learner (without validation: the last).</summary>
    /// <param name="checkpoint">A file written now and then, and gone on from where it exists; null for none.</param>
    /// <param name="progress">Told of every iteration.</param>
    /// <param name="cancel">Stops after the current iteration; the checkpoint is written then.</param>
    /// <exception cref="FewShotException">The loss is not a number, or the checkpoint belongs to another training.</exception>
    public IReadOnlyList<MetaPoint> Run(string? checkpoint = null, IProgress<StepProgress>? progress = null, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>Trains so many iterations further, at most to the end; the best weights are not taken yet.</summary>
    /// <returns>The mean query loss over them.</returns>
    public double Advance(long iterations, IProgress<StepProgress>? progress = null, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>Writes all that a resumed training needs, whole or not at all.</summary>
    public void Save(string path) => throw new NotImplementedException();

    /// <summary>Takes up a saved training where it stood.</summary>
    public void Load(string path) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}
