namespace FewShot.Course;

/// <summary>Published figures that the course prints beside its own, each with its source.</summary>
/// <param name="Value">An accuracy as a share, 0 to 1.</param>
/// <param name="Author">Whom a sentence names that states it: the first author.</param>
/// <param name="Source">What it is and where it stands.</param>
public sealed record Published(double Value, string Author, string Source)
{
    private const string Easy =
        "EASY, three ResNet-12 trained on the base classes of CIFAR-FS, 5-way, inductive (Y. Bendou and others, EASY, 2022)";

    private const string Finn = "C. Finn and others, Model-Agnostic Meta-Learning, 2017";

    /// <summary>
    /// The benchmark's cross-entropy baseline with 50 labels of each class and no other data, from scratch. Its test set,
    /// ciFAIR-10, holds no duplicates of training images.
    /// </summary>
    public static Published FromScratchWith50Labels { get; } = new(
        0.5822,
        "Brigato",
        "Wide ResNet-16-8 from scratch, 50 labels of each class, ciFAIR-10 " +
        "(Brigato et al., Data-Efficient Image Classification benchmark)");

    /// <summary>MAML on Omniglot, 5-way 1-shot, transductive.</summary>
    public static Published Maml5Way1Shot { get; } = new(0.987, "Finn", $"MAML, Omniglot, 5-way 1-shot, transductive ({Finn})");

    /// <summary>MAML on Omniglot, 5-way 5-shot, transductive.</summary>
    public static Published Maml5Way5Shot { get; } = new(0.999, "Finn", $"MAML, Omniglot, 5-way 5-shot, transductive ({Finn})");

    /// <summary>First-order MAML on Omniglot, 5-way 1-shot, transductive, as the authors of Reptile measured it.</summary>
    public static Published FirstOrder5Way1Shot { get; } = new(
        0.983,
        "Nichol",
        "first-order MAML, Omniglot, 5-way 1-shot, transductive (A. Nichol and others, On First-Order Meta-Learning Algorithms, 2018)");

    /// <summary>Reptile on Omniglot, 5-way 1-shot, transductive.</summary>
    public static Published Reptile5Way1Shot { get; } = new(
        0.9768,
        "Nichol",
        "Reptile, Omniglot, 5-way 1-shot, transductive (A. Nichol and others, On First-Order Meta-Learning Algorithms, 2018)");

    /// <summary>EASY on CIFAR-FS, 5-way 1-shot, inductive, trained on the base classes alone.</summary>
    public static Published EasyOneShot { get; } = new(0.762, "Bendou", $"1-shot: {Easy}");

    /// <summary>EASY on CIFAR-FS, 5-way 5-shot, inductive, trained on the base classes alone.</summary>
    public static Published EasyFiveShot { get; } = new(0.890, "Bendou", $"5-shot: {Easy}");

    /// <summary>The value of a figure that is an accuracy: a share, 0 to 1.</summary>
    public double Accuracy => Value;

    /// <summary>"58.2 % (source)".</summary>
    public override string ToString() => FormattableString.Invariant($"{100 * Accuracy:0.0} % ({Source})");
}
