using FewShot.Runtime;
using FewShot.Text;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TorchSharp;

namespace FewShot.Tests.Text;

public sealed class SentenceEncoderTests
{
    private static readonly string[] Sentences =
    [
        "Hello world!", "What can I do if my card still hasn't arrived after 2 weeks?", "a", "Où est la carte? Überweisung — 50€",
        "我的卡还没到", "antidisestablishmentarianism", string.Join(' ', Enumerable.Repeat("a very long question about money", 60)),
    ];

    [Fact]
    public void Should_AgreeWithOnnxRuntime_When_ItRunsThePackagesModel()
    {
        var encoder = SharedEncoder.Value;
        using var session = new InferenceSession(PackagedEncoder.Model(PackagedEncoder.DefaultPath));
        using var found = encoder.Encode(Sentences);

        foreach (var (row, sentence) in Sentences.Index())
        {
            var expected = MeanOfPieces(session, encoder.Pieces.Encode(sentence));

            using var vector = found[row];
            Assert.True(expected.Zip(vector.data<float>(), (one, other) => Math.Abs(one - other)).Max() < 1e-5, sentence);
        }
    }

    [Fact]
    public void Should_GiveTheSameVector_When_ASentenceStandsAmongOthers()
    {
        var encoder = SharedEncoder.Value;

        using var together = encoder.Encode(Sentences);
        using var alone = encoder.Encode([Sentences[1]]);

        Assert.True((together[1] - alone[0]).abs().max().item<float>() < 1e-6);
    }

    [Fact]
    public void Should_GiveTheSameVector_When_ASentenceIsFilledUp()
    {
        var encoder = SharedEncoder.Value;
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        long[] ids = [.. encoder.Pieces.Encode(Sentences[0])];
        var bare = encoder.Network.call(torch.tensor(ids, [1, ids.Length]).to(Torch.Device), null);
        var filled = torch.tensor([.. ids, 0, 0, 0], [1, ids.Length + 3]).to(Torch.Device);

        var found = encoder.Network.call(filled, filled != 0);

        Assert.True((found - bare).abs().max().item<float>() < 1e-6);
    }

    [Theory]
    [InlineData("hello world", new[] { 101, 7592, 2088, 102 })]
    [InlineData("Héllo WORLD!", new[] { 101, 7592, 2088, 999, 102 })]
    [InlineData("He\u0301llo world!", new[] { 101, 7592, 2088, 999, 102 })]
    [InlineData("unaffable", new[] { 101, 14477, 20961, 3468, 102 })]
    [InlineData("中国", new[] { 101, 1746, 1799, 102 })]
    public void Should_CutAsBertDoes_When_TextIsEncoded(string text, int[] expected)
    {
        var encoder = SharedEncoder.Value;

        Assert.Equal(expected, encoder.Pieces.Encode(text));
    }

    [Fact]
    public void Should_Encode_When_ATextHoldsHalfACharacter()
    {
        var encoder = SharedEncoder.Value;

        using var found = encoder.Encode(["card \ud83d arrived"]);

        Assert.True(found.isfinite().all().item<bool>());
    }

    [Fact]
    public void Should_LeaveNoTensor_When_SentencesAreEncoded()
    {
        var encoder = SharedEncoder.Value;
        long left = -1;

        // Tensors are counted by thread. On a thread that works for the library, all batches run on that thread, so that all are counted.
        TaskThreads.Run(1, _ =>
        {
            encoder.Encode(Sentences).Dispose();
            var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            encoder.Encode(Sentences).Dispose();
            left = DisposeScopeManager.Statistics.ThreadTotalLiveCount - before;
        });

        Assert.Equal(0, left);
    }

    [Fact]
    public void Should_Refuse_When_ATextIsEmpty()
    {
        var encoder = SharedEncoder.Value;

        var error = Assert.Throws<FewShotException>(() => encoder.Encode(["a question", "  "]));

        Assert.Contains("empty", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_SayWhatToDo_When_TheLibraryIsNotThePackages()
    {
        var path = typeof(SentenceEncoderTests).Assembly.Location;

        var error = Assert.Throws<FewShotException>(() => SentenceEncoder.Packaged(path, device: null));

        Assert.Contains("restore the packages", error.Message, StringComparison.Ordinal);
    }

    private static float[] MeanOfPieces(InferenceSession session, int[] pieces)
    {
        int[] shape = [1, pieces.Length];
        NamedOnnxValue Input(string name, IEnumerable<long> values) =>
            NamedOnnxValue.CreateFromTensor(name, new DenseTensor<long>(values.ToArray(), shape));
        using var outputs = session.Run(
        [
            Input("input_ids", pieces.Select(id => (long)id)),
            Input("attention_mask", pieces.Select(_ => 1L)),
            Input("token_type_ids", pieces.Select(_ => 0L)),
        ]);
        var hidden = outputs[0].AsTensor<float>().ToArray();
        var width = hidden.Length / pieces.Length;
        double[] mean = [.. Enumerable.Range(0, width)
            .Select(d => Enumerable.Range(0, pieces.Length).Average(l => (double)hidden[(l * width) + d]))];
        var length = Math.Sqrt(mean.Sum(value => value * value));
        return [.. mean.Select(value => (float)(value / length))];
    }
}
