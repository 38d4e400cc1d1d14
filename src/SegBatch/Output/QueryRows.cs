using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using SegBatch.Native.DuckDb;

namespace SegBatch.Output;

/// <summary>What a value looks like in text formats.</summary>
public enum QueryValueKind
{
    Text,
    Number,
    Boolean,

    /// <summary>A list or structure, written as JSON.</summary>
    Json,
}

/// <summary>The rows of an answer, chunk by chunk as DuckDB makes them: <see cref="NextChunk"/>, then its cells as text.</summary>
public sealed class QueryRows : IDisposable
{
    private readonly DuckDbResult _result;

    internal QueryRows(IReadOnlyList<DuckDbColumn> columns, DuckDbResult result)
    {
        _result = result;
        Names = [.. result.Columns.Select(column => column.Name)];
        Kinds = [.. columns.Select(column => Kind(column.Type))];
    }

    public IReadOnlyList<string> Names { get; }

    public IReadOnlyList<QueryValueKind> Kinds { get; }

    /// <summary>Rows in the current chunk.</summary>
    public int Count => _result.Rows;

    /// <summary>Moves to the next rows; false after the last ones.</summary>
    /// <exception cref="QueryException">The question failed on the way.</exception>
    public bool NextChunk()
    {
        try
        {
            return _result.NextChunk();
        }
        catch (DuckDbException error)
        {
            throw new QueryException(error.Message, error);
        }
    }

    public bool IsNull(int column, int row) => _result.IsNull(column, row);

    /// <summary>A number that JSON cannot hold.</summary>
    public bool IsNotFinite(int column, int row) =>
        _result.Columns[column].Type switch
        {
            DuckDbType.Float => !float.IsFinite(_result.Value<float>(column, row)),
            DuckDbType.Double => !double.IsFinite(_result.Value<double>(column, row)),
            _ => false,
        };

    /// <summary>Appends a cell that is not null as UTF-8: numbers in the shortest form that reads back exactly, infinities as inf.</summary>
    public void Append(int column, int row, IBufferWriter<byte> target)
    {
        switch (_result.Columns[column].Type)
        {
            case DuckDbType.Varchar:
                target.Write(_result.Utf8(column, row));
                break;
            case DuckDbType.Boolean:
                target.Write(_result.Value<bool>(column, row) ? "true"u8 : "false"u8);
                break;
            case DuckDbType.TinyInt:
                Append(_result.Value<sbyte>(column, row), target);
                break;
            case DuckDbType.UTinyInt:
                Append(_result.Value<byte>(column, row), target);
                break;
            case DuckDbType.SmallInt:
                Append(_result.Value<short>(column, row), target);
                break;
            case DuckDbType.USmallInt:
                Append(_result.Value<ushort>(column, row), target);
                break;
            case DuckDbType.Integer:
                Append(_result.Value<int>(column, row), target);
                break;
            case DuckDbType.UInteger:
                Append(_result.Value<uint>(column, row), target);
                break;
            case DuckDbType.BigInt:
                Append(_result.Value<long>(column, row), target);
                break;
            case DuckDbType.UBigInt:
                Append(_result.Value<ulong>(column, row), target);
                break;
            case DuckDbType.HugeInt:
                Append(_result.Value<Int128>(column, row), target);
                break;
            case DuckDbType.UHugeInt:
                Append(_result.Value<UInt128>(column, row), target);
                break;
            case DuckDbType.Float:
                AppendReal(_result.Value<float>(column, row), target);
                break;
            case DuckDbType.Double:
                AppendReal(_result.Value<double>(column, row), target);
                break;
            default:
                throw new InvalidOperationException($"Column {Names[column]} was not turned into text.");
        }
    }

    /// <summary>A cell as a string; null where it is null.</summary>
    public string? Text(int column, int row)
    {
        if (IsNull(column, row))
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>(32);
        Append(column, row, buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A cell of a DOUBLE column that is not null.</summary>
    internal double Real(int column, int row) => _result.Value<double>(column, row);

    /// <summary>A cell of a BIGINT column that is not null.</summary>
    internal long Whole(int column, int row) => _result.Value<long>(column, row);

    /// <summary>A cell of a VARCHAR column that is not null; valid until the next chunk.</summary>
    internal ReadOnlySpan<byte> Utf8(int column, int row) => _result.Utf8(column, row);

    public void Dispose() => _result.Dispose();

    internal static bool ReadsNatively(DuckDbType type) =>
        type is DuckDbType.Varchar or DuckDbType.Boolean || (Kind(type) == QueryValueKind.Number && type != DuckDbType.Decimal);

    internal static bool IsNested(DuckDbType type) => Kind(type) == QueryValueKind.Json;

    private static QueryValueKind Kind(DuckDbType type) =>
        type switch
        {
            DuckDbType.Boolean => QueryValueKind.Boolean,
            DuckDbType.List or DuckDbType.Struct or DuckDbType.Map or DuckDbType.Union or DuckDbType.Array => QueryValueKind.Json,
            DuckDbType.TinyInt
            or DuckDbType.UTinyInt
            or DuckDbType.SmallInt
            or DuckDbType.USmallInt
            or DuckDbType.Integer
            or DuckDbType.UInteger
            or DuckDbType.BigInt
            or DuckDbType.UBigInt
            or DuckDbType.HugeInt
            or DuckDbType.UHugeInt
            or DuckDbType.Decimal
            or DuckDbType.Float
            or DuckDbType.Double => QueryValueKind.Number,
            _ => QueryValueKind.Text,
        };

    private static void AppendReal<T>(T value, IBufferWriter<byte> target)
        where T : IFloatingPointIeee754<T>
    {
        if (T.IsFinite(value))
        {
            Append(value, target);
        }
        else
        {
            target.Write(
                T.IsNaN(value) ? "nan"u8
                : T.IsNegative(value) ? "-inf"u8
                : "inf"u8
            );
        }
    }

    private static void Append<T>(T value, IBufferWriter<byte> target)
        where T : IUtf8SpanFormattable
    {
        value.TryFormat(target.GetSpan(64), out var written, default, CultureInfo.InvariantCulture);
        target.Advance(written);
    }
}
