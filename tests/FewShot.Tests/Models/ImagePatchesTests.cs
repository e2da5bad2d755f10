using FewShot.Models;
using TorchSharp;

namespace FewShot.Tests.Models;

/// <summary>Against libtorch's unfold and fold, value by value.</summary>
public class ImagePatchesTests
{
    public static TheoryData<int, int, int, int> Forms()
    {
        var forms = new TheoryData<int, int, int, int>();
        foreach (var (height, width) in new[] { (1, 1), (1, 2), (2, 1), (3, 2), (5, 4), (4, 7), (14, 14) })
        {
            foreach (var stride in new[] { 1, 2 })
            {
                forms.Add(height, width, 3, stride);
                forms.Add(height, width, 16, stride);
            }
        }

        return forms;
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Should_EqualUnfold_When_Gathering(int height, int width, int channels, int stride)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var dtype in new[] { torch.float32, torch.float64 })
        {
            var images = Numbers(dtype, 2, height, width, channels);
            var expected = Unfolded(images.permute(0, 3, 1, 2), channels, stride);
            AssertSame(expected, ImagePatches.Gather(images, stride));
            AssertSame(expected, ImagePatches.ComposeGather(images, stride));
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Should_EqualFold_When_Spreading(int height, int width, int channels, int stride)
    {
        using var scope = torch.NewDisposeScope();
        var (high, wide) = (ImagePatches.OutputSize(height, stride), ImagePatches.OutputSize(width, stride));
        foreach (var dtype in new[] { torch.float32, torch.float64 })
        {
            // Whole numbers, whose sums do not depend on their order.
            var patches = Numbers(dtype, 2, high, wide, 9 * channels);
            var columns = patches.view(2, high * wide, 9, channels).permute(0, 3, 2, 1).reshape(2, channels * 9, high * wide);
            var expected = torch.nn.functional.fold(columns, (height, width), (3, 3), padding: (1, 1), stride: (stride, stride)).permute(0, 2, 3, 1);
            AssertSame(expected, ImagePatches.Spread(patches, height, width, stride));
            AssertSame(expected, ImagePatches.ComposeSpread(patches, height, width, stride));
        }
    }

    private static void AssertSame(torch.Tensor expected, torch.Tensor found)
    {
        Assert.Equal(expected.shape, found.shape);
        Assert.True(found.eq(expected).all().item<bool>());
    }

    private static torch.Tensor Unfolded(torch.Tensor images, int channels, int stride)
    {
        var (high, wide) = (ImagePatches.OutputSize(images.shape[2], stride), ImagePatches.OutputSize(images.shape[3], stride));
        return torch.nn.functional.unfold(images.contiguous(), (3, 3), padding: (1, 1), stride: (stride, stride))
            .view(images.shape[0], channels, 9, high, wide).permute(0, 3, 4, 2, 1).reshape(images.shape[0], high, wide, 9 * channels);
    }

    private static torch.Tensor Numbers(torch.ScalarType dtype, params long[] shape)
    {
        using var generator = new torch.Generator(1, torch.CPU);
        return torch.randint(-50, 50, shape, dtype: dtype, generator: generator);
    }
}
