namespace FewShot.Studies;

/// <summary>The learners that notebook 04 compares.</summary>
public enum MetaMethod
{
    /// <summary>MAML with the exact, second-order gradient.</summary>
    Maml,

    /// <summary>MAML whose inner gradients count as constants.</summary>
    FirstOrderMaml,

    /// <summary>Only the head adapts.</summary>
    Anil,

    /// <summary>Moves the initial weights towards the weights adapted to each task.</summary>
    Reptile,

    /// <summary>Adapts nothing: a query belongs to the class whose support vectors are nearest in the mean.</summary>
    PrototypicalNetwork,
}
