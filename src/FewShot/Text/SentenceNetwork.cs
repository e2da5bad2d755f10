using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FewShot.Text;

/// <summary>
/// The network of all-MiniLM-L6-v2: BERT of 6 layers, 384 wide (Devlin and others 2019; Wang and others 2020, "MiniLM"); a sentence is
/// the mean over its pieces, made one long (Reimers and Gurevych 2019, "Sentence-BERT", section 3).
/// </summary>
internal sealed class SentenceNetwork : nn.Module<Tensor, Tensor?, Tensor>
{
    public const int Width = 384;
    public const double NormEpsilon = 1e-12;
    private const int Layers = 6;
    private const int Heads = 12;
    private const int Hidden = 1536;
    private const int Pieces = 30_522;
    private const int Places = 512;

    private readonly Parameter pieces;
    private readonly Parameter places;
    private readonly LayerNorm norm;
    private readonly ModuleList<TransformerLayer> layers;

    private SentenceNetwork()
        : base(nameof(SentenceNetwork))
    {
        // Not trained further: a few hundred sentences hold a small part of the words.
        pieces = Fixed(Pieces);
        places = Fixed(Places);
        norm = nn.LayerNorm(Width, NormEpsilon);
        layers = nn.ModuleList([.. Enumerable.Range(0, Layers).Select(_ => new TransformerLayer(Width, Heads, Hidden))]);
        RegisterComponents();
    }

    // A network outlives the scope in which it happens to be made: TorchSharp sees to that for its own layers alone.
    private static Parameter Fixed(long rows) =>
        (Parameter)new Parameter(zeros(rows, Width), requires_grad: false).DetachFromDisposeScope();

    /// <summary>The vector of each piece before any layer: pieces x 384.</summary>
    public Tensor PieceVectors => pieces;

    /// <summary>The weights of the layers: what is trained further.</summary>
    public IEnumerable<(string Name, Parameter Value)> LayerParameters => layers.named_parameters()
        .Select(parameter => (parameter.name, parameter.parameter)).OrderBy(one => one.name, StringComparer.Ordinal);

    /// <summary>Copies weights that have the names of Hugging Face's BertModel.</summary>
    public static SentenceNetwork From(IReadOnlyDictionary<string, Tensor> weights, Device device)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var network = new SentenceNetwork();
        _ = network.pieces.copy_(weights["embeddings.word_embeddings.weight"]);
        // A sentence that stands alone is always the first of two: its vector is part of every place.
        var first = weights["embeddings.token_type_embeddings.weight"][0];
        _ = network.places.copy_(weights["embeddings.position_embeddings.weight"] + first);
        TransformerLayer.Copy(network.norm, part => weights[$"embeddings.LayerNorm.{part}"]);
        foreach (var (number, layer) in network.layers.Index())
            layer.Load(name => weights[string.Create(CultureInfo.InvariantCulture, $"encoder.layer.{number}.{name}")]);
        network.eval();
        return network.to(device);
    }

    /// <summary>A copy with weights of its own.</summary>
    public SentenceNetwork Copy(Device device)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var copy = new SentenceNetwork();
        var sources = named_parameters().ToDictionary(source => source.name, source => source.parameter, StringComparer.Ordinal);
        foreach (var (name, target) in copy.named_parameters())
            _ = target.copy_(sources[name]);
        copy.eval();
        return copy.to(device);
    }

    /// <summary>Sentences to vectors of length one.</summary>
    /// <param name="ids">int64, N x L: the numbers of the pieces.</param>
    /// <param name="mask">boolean, N x L, true for pieces, false for what fills up; null where nothing does.</param>
    /// <returns>float32, N x 384.</returns>
    public override Tensor forward(Tensor ids, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        var words = pieces.index_select(0, ids.flatten()).view(ids.shape[0], ids.shape[1], Width);
        var hidden = norm.call(words + places.narrow(0, 0, ids.shape[1]));
        var seen = mask?.view(ids.shape[0], 1, 1, ids.shape[1]);
        foreach (var layer in layers)
            hidden = layer.call(hidden, seen);
        var mean = mask is null
            ? hidden.mean([1])
            : (hidden * mask.unsqueeze(2)).sum(1) / mask.sum(1, keepdim: true);
        return nn.functional.normalize(mean, p: 2, dim: 1).MoveToOuterDisposeScope();
    }
}
