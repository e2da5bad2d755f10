using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FewShot.Runtime;
using FewShot.SafeTensors;
using FewShot.Tests.Data;
using TorchSharp;

namespace FewShot.Tests.SafeTensors;

public sealed class TensorFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DisposeScope scope = torch.NewDisposeScope();

    private string Path => folder.At("file.safetensors");

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Should_GiveBackEverything_When_WrittenAndRead()
    {
        var tensors = new Dictionary<string, torch.Tensor>
        {
            ["float64"] = torch.randn(2, 3, torch.float64),
            ["float32 not contiguous"] = torch.randn(3, 4).t(),
            ["float16"] = torch.randn(5).to(torch.float16),
            ["bfloat16"] = torch.randn(5).to(torch.bfloat16),
            ["int64 scalar"] = torch.tensor(-7L),
            ["int32"] = torch.arange(4, torch.int32),
            ["int16"] = torch.arange(4, torch.int16),
            ["int8"] = torch.arange(4, torch.int8),
            ["uint8"] = torch.arange(4, torch.uint8),
            ["bool"] = torch.tensor(new[] { true, false }),
            ["empty"] = torch.zeros(0, 5),
            ["quotes \" and é"] = torch.ones(1),
        };
        TensorFile.Write(Path, tensors, new Dictionary<string, string> { ["made by"] = "a test\n" });
        using var file = TensorFile.Read(Path);
        Assert.Equal(tensors.Keys.Order(), file.Tensors.Keys.Order());
        foreach (var (name, tensor) in tensors)
        {
            Assert.Equal(tensor.dtype, file.Tensors[name].dtype);
            Assert.Equal(tensor.shape, file.Tensors[name].shape);
            Assert.True(tensor.eq(file.Tensors[name]).all().item<bool>(), name);
        }

        Assert.Equal("a test\n", file.Metadata["made by"]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path))), file.Digest);
    }

    [Fact]
    public void Should_WriteTheSameBytes_When_TheContentIsTheSame()
    {
        var (a, b) = (torch.ones(3), torch.zeros(2, torch.int64));
        TensorFile.Write(Path, new Dictionary<string, torch.Tensor> { ["a"] = a, ["b"] = b });
        var first = File.ReadAllBytes(Path);
        TensorFile.Write(Path, new Dictionary<string, torch.Tensor> { ["b"] = b, ["a"] = a });
        Assert.Equal(first, File.ReadAllBytes(Path));
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(first) % 8);
    }

    [Fact]
    public void Should_Read_When_TensorsAreNotInTheOrderOfTheirBytes()
    {
        Write("""{"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}  """, [7, 8, 9]);
        using var file = TensorFile.Read(Path);
        Assert.Equal([8, 9], file.Tensors["b"].data<byte>().ToArray());
        Assert.Equal([7], file.Tensors["a"].data<byte>().ToArray());
    }

    [Fact]
    public void Should_SayCutShort_When_BytesAreMissingAnywhere()
    {
        TensorFile.Write(Path, new Dictionary<string, torch.Tensor> { ["a"] = torch.ones(3), ["b"] = torch.ones(2) });
        var whole = File.ReadAllBytes(Path);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Path, whole[..length]);
            AssertRefused(length < 8 ? "too short" : "cut short", "values");
        }
    }

    [Fact]
    public void Should_Refuse_When_BytesFollowTheValues()
    {
        Write("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", [1, 2]);
        AssertRefused("describes 1 bytes of values, and 2 follow");
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(100_000_001)]
    [InlineData(9_000)]
    public void Should_Refuse_When_TheHeaderIsSaidToBeTooLong(ulong length)
    {
        var bytes = new byte[1000];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        File.WriteAllBytes(Path, bytes);
        AssertRefused($"header is {length} bytes long");
    }

    [Theory]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""",
        8,
        "overlap or leave a hole")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""",
        4,
        "overlap or leave a hole")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "overlap or leave a hole")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "inside the 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "data_offsets [4, 0]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "data_offsets [0]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "holds -4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4.5]}}""", 4, "holds 4.5")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,99999999999999999999]}}""", 4, "holds 99999999999999999999")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,4]}}""", 4, "does not take the 4 bytes")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,4]}}""", 4, "does not take the 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "does not take the 0 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4]}}""", 4, "does not take the 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4,0],"data_offsets":[0,0]}}""", 0, "does not take the 0 bytes")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}""", 1, "dtype F8_E4M3")]
    [InlineData("""{"a":{"dtype":7,"shape":[1],"data_offsets":[0,1]}}""", 1, "not text")]
    [InlineData("""{"a":{"dtype":"U8","data_offsets":[0,1]}}""", 1, "has no shape")]
    [InlineData("""{"a":{"dtype":"U8","shape":1,"data_offsets":[0,1]}}""", 1, "not a list of numbers")]
    [InlineData("""{"a":[]}""", 0, "not an object")]
    [InlineData("[]", 0, "not an object")]
    [InlineData("{", 0, "not the JSON")]
    [InlineData("", 0, "not the JSON")]
    [InlineData("""{"a":{"dtype":"U8","shape":[[[[[[]]]]]],"data_offsets":[0,1]}}""", 1, "not the JSON")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""",
        1,
        "not the JSON")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "not text")]
    [InlineData("""{"a":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}}""", 1, "neither 0 nor 1")]
    public void Should_Refuse_When_TheHeaderBreaksTheFormat(string header, int valueBytes, string message)
    {
        Write(header, [.. Enumerable.Repeat((byte)7, valueBytes)]);
        AssertRefused(message);
    }

    [Fact]
    public void Should_NameTheFile_When_ItIsNotThere()
    {
        var error = Assert.Throws<FewShotException>(() => TensorFile.Read(Path));
        Assert.Contains(Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_KeepTheOldFile_When_ATypeCannotBeWritten()
    {
        TensorFile.Write(Path, new Dictionary<string, torch.Tensor> { ["a"] = torch.ones(3) });
        var before = File.ReadAllBytes(Path);
        var error = Assert.Throws<FewShotException>(
            () => TensorFile.Write(Path, new Dictionary<string, torch.Tensor> { ["a"] = torch.zeros(2, torch.complex64) }));
        Assert.Contains("'a' of type ComplexFloat32", error.Message, StringComparison.Ordinal);
        Assert.Throws<FewShotException>(
            () => TensorFile.Write(Path, new Dictionary<string, torch.Tensor> { ["__metadata__"] = torch.zeros(2) }));
        Assert.Equal(before, File.ReadAllBytes(Path));
    }

    private void Write(string header, byte[] values)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        File.WriteAllBytes(Path, [.. length, .. text, .. values]);
    }

    private void AssertRefused(params string[] anyOf)
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var error = Assert.Throws<FewShotException>(() => TensorFile.Read(Path));
        Assert.StartsWith(Path, error.Message, StringComparison.Ordinal);
        Assert.True(anyOf.Any(text => error.Message.Contains(text, StringComparison.Ordinal)), error.Message);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
