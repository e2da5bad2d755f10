namespace FewShot.Models;

/// <summary>
/// Where BatchNorm takes the mean and variance from with which a task's query examples are normalised. Tasks never share statistics.
/// </summary>
public enum BatchNormMode
{
    /// <summary>
    /// From the query examples themselves, as published MAML does: the answer for one example depends on the others that are asked with
    /// it, and where these are balanced over the classes the accuracy gains from it.
    /// </summary>
    Transductive,

    /// <summary>From the support examples only: each query example is answered on its own.</summary>
    Inductive,
}
