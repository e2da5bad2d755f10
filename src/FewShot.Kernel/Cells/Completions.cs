namespace FewShot.Kernel.Cells;

/// <summary>What may be written at a place in a cell.</summary>
/// <param name="Start">Where the word at the place begins, in characters from the cell's start.</param>
/// <param name="End">Where it ends: the place itself.</param>
/// <param name="Items">What may stand there instead, in alphabetical order.</param>
public sealed record Completions(int Start, int End, IReadOnlyList<CompletionItem> Items);

/// <summary>One suggestion for completing the code at the cursor.</summary>
/// <param name="Text">What to write.</param>
/// <param name="Kind">What it is: "method", "property", "class", "keyword".</param>
public sealed record CompletionItem(string Text, string Kind);
