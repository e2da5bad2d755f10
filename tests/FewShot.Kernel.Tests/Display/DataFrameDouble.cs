namespace Microsoft.Data.Analysis;

/// <summary>What the kernel asks of the real type, under its name.</summary>
public sealed class DataFrame(params DataFrameColumn[] columns)
{
    /// <summary>The columns.</summary>
    public IReadOnlyList<DataFrameColumn> Columns => columns;

    /// <summary>The rows.</summary>
    public DataFrameRowCollection Rows => new(columns[0].Length);
}

/// <summary>A column, empty where it has no value.</summary>
public sealed class DataFrameColumn(string name, object?[] values)
{
    /// <summary>The name.</summary>
    public string Name => name;

    /// <summary>Number of values.</summary>
    public long Length => values.Length;

    /// <summary>A value.</summary>
    public object? this[long row] => row < values.Length ? values[row] : null;
}

/// <summary>The rows.</summary>
public sealed record DataFrameRowCollection(long Count);
