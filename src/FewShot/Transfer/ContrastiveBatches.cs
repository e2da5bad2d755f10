using FewShot.Runtime;
using FewShot.Text;

namespace FewShot.Transfer;

/// <summary>
/// Batches of some classes with a few texts each. All classes come once before one comes again, and so do the texts of a class.
/// </summary>
internal sealed class ContrastiveBatches
{
    private readonly StableRandom random;
    private readonly int textsPerClass;
    private readonly int classesPerBatch;
    private readonly Deck<int> classes;
    private readonly List<Deck<int>> texts;

    public ContrastiveBatches(TextSet set, int classesPerBatch, int textsPerClass, long seed)
    {
        (random, this.textsPerClass) = (new StableRandom(seed), textsPerClass);
        var rows = set.Labels.Index().ToLookup(label => label.Item, label => label.Index);
        foreach (var (label, name) in set.ClassNames.Index())
        {
            if (rows[label].Count() < 2)
            {
                throw new FewShotException(
                    $"{set.Name}: class '{name}' has {rows[label].Count()} of the 2 texts that make a pair. Label more, or leave it out.");
            }
        }

        this.classesPerBatch = Math.Min(classesPerBatch, set.ClassNames.Count);
        classes = new Deck<int>([.. Enumerable.Range(0, set.ClassNames.Count)]);
        texts = [.. set.ClassNames.Index().Select(one => new Deck<int>([.. rows[one.Index]]))];
    }

    /// <summary>Rows of the set, class by class.</summary>
    public int[] Next() => [.. classes.Deal(classesPerBatch, random).SelectMany(one => texts[one].Deal(textsPerClass, random))];

    /// <summary>Cards that are dealt to the last before they are mixed again.</summary>
    private sealed class Deck<T>(T[] cards)
    {
        private readonly Queue<T> waiting = new();

        /// <summary>So many different cards, or all where there are fewer.</summary>
        public List<T> Deal(int count, StableRandom random)
        {
            var dealt = new List<T>();
            while (dealt.Count < Math.Min(count, cards.Length))
            {
                if (waiting.Count == 0)
                {
                    random.Draw<T>(cards, cards.Length);
                    // What this hand holds already comes last, so that no card is in a hand twice.
                    foreach (var card in cards.Except(dealt).Concat(dealt))
                        waiting.Enqueue(card);
                }

                dealt.Add(waiting.Dequeue());
            }

            return dealt;
        }
    }
}
