namespace FewShot.Data;

/// <summary>
/// Short names of the 1,000 classes of ImageNet's challenge, on which backbones are trained: to see which classes of another set they knew
/// already. From imagenet-simple-labels (A. Athalye, public domain).
/// </summary>
public static class ImageNetNames
{
    private static readonly char[] Between = [' ', '-', '(', ')', ',', '.', '\''];

    private static readonly Lazy<IReadOnlyList<string>> Names = new(() => SplitList.CarriedLines("imagenet-names"));

    /// <summary>The names, in ImageNet's order.</summary>
    public static IReadOnlyList<string> All => Names.Value;

    /// <summary>Those in which a name occurs as whole words, one after another: "leopard" and "snow leopard" for "leopard".</summary>
    /// <param name="className">Underscores count as spaces; upper and lower case are the same.</param>
    public static IReadOnlyList<string> Containing(string className)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(className);
        var wanted = $" {Words(className.Replace('_', ' '))} ";
        return [.. All.Where(name => $" {Words(name)} ".Contains(wanted, StringComparison.OrdinalIgnoreCase))];
    }

    private static string Words(string name) => string.Join(' ', name.Split(Between, StringSplitOptions.RemoveEmptyEntries));
}
