using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FewShot.Text;

/// <summary>
/// One layer of BERT (Devlin and others 2019; Vaswani and others 2017, section 3): each word looks at all others, then passes two linear
/// maps of its own; after either the input is added and the sum normalised.
/// </summary>
internal sealed class TransformerLayer : nn.Module<Tensor, Tensor?, Tensor>
{
    private readonly int heads;
    private readonly Linear attention;
    private readonly Linear joined;
    private readonly LayerNorm afterAttention;
    private readonly Linear widened;
    private readonly Linear narrowed;
    private readonly LayerNorm afterWords;

    public TransformerLayer(int width, int heads, int hidden)
        : base(nameof(TransformerLayer))
    {
        this.heads = heads;
        // Queries, keys and values are one product: three small ones cost more.
        attention = nn.Linear(width, 3 * width);
        joined = nn.Linear(width, width);
        afterAttention = nn.LayerNorm(width, SentenceNetwork.NormEpsilon);
        widened = nn.Linear(width, hidden);
        narrowed = nn.Linear(hidden, width);
        afterWords = nn.LayerNorm(width, SentenceNetwork.NormEpsilon);
        RegisterComponents();
    }

    /// <summary>Passes a batch of sentences through.</summary>
    /// <param name="words">N x L x D.</param>
    /// <param name="mask">boolean, N x 1 x 1 x L, true for words; null where no sentence of the batch is filled up.</param>
    /// <returns>N x L x D.</returns>
    public override Tensor forward(Tensor words, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        var (count, length, width) = (words.shape[0], words.shape[1], words.shape[2]);
        var parts = attention.call(words).view(count, length, 3, heads, width / heads).permute(2, 0, 3, 1, 4);
        var seen = nn.functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], mask);
        var together = joined.call(seen.transpose(1, 2).reshape(count, length, width));
        var attended = afterAttention.call(together + words);
        var mapped = narrowed.call(nn.functional.gelu(widened.call(attended)));
        return afterWords.call(mapped + attended).MoveToOuterDisposeScope();
    }

    /// <summary>Copies the weights of one layer of a BertModel.</summary>
    /// <param name="weight">Gives a weight by its name within the layer.</param>
    public void Load(Func<string, Tensor> weight)
    {
        string[] parts = ["query", "key", "value"];
        using var scope = NewDisposeScope();
        Copy(attention, part => cat([.. parts.Select(name => weight($"attention.self.{name}.{part}"))]));
        Copy(joined, part => weight($"attention.output.dense.{part}"));
        Copy(afterAttention, part => weight($"attention.output.LayerNorm.{part}"));
        Copy(widened, part => weight($"intermediate.dense.{part}"));
        Copy(narrowed, part => weight($"output.dense.{part}"));
        Copy(afterWords, part => weight($"output.LayerNorm.{part}"));
    }

    /// <summary>Copies weight and bias into a module that has these two.</summary>
    internal static void Copy(nn.Module module, Func<string, Tensor> part)
    {
        using var noGradient = no_grad();
        foreach (var (name, parameter) in module.named_parameters())
            _ = parameter.copy_(part(name));
    }
}
