namespace FewShot.Meta;

/// <summary>How the tasks of a meta-batch are computed; results agree up to rounding.</summary>
public enum TaskExecution
{
    /// <summary>Batched over tasks, in chunks of a size that suits the device.</summary>
    Vectorised,

    /// <summary>One task after another in plain operations: slow, simple, and the reference that tests compare with.</summary>
    Loop,
}
