using TorchSharp;

namespace FewShot.SafeTensors;

/// <summary>A number type that the format and libtorch both have.</summary>
internal sealed record TensorType(string Name, torch.ScalarType Dtype, int Size)
{
    public static IReadOnlyList<TensorType> All { get; } =
    [
        new("F64", torch.ScalarType.Float64, 8),
        new("F32", torch.ScalarType.Float32, 4),
        new("F16", torch.ScalarType.Float16, 2),
        new("BF16", torch.ScalarType.BFloat16, 2),
        new("I64", torch.ScalarType.Int64, 8),
        new("I32", torch.ScalarType.Int32, 4),
        new("I16", torch.ScalarType.Int16, 2),
        new("I8", torch.ScalarType.Int8, 1),
        new("U8", torch.ScalarType.Byte, 1),
        new("BOOL", torch.ScalarType.Bool, 1),
    ];

    public static string Names => string.Join(", ", All.Select(type => type.Name));
}
