namespace FewShot.Kernel.Cells;

/// <summary>The words of <c>#!</c> that ask for something to be done with values, or about the kernel, in place of code.</summary>
internal static class MagicWords
{
    /// <summary>What each is called.</summary>
    public const string About = "#!about", List = "#!lsmagic", Set = "#!set", Share = "#!share", Value = "#!value",
        Who = "#!who", Whos = "#!whos";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [About, List, Set, Share, Value, Who, Whos];
}
