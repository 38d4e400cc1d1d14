namespace SegBatch.Native.DuckDb;

/// <summary>How DuckDB lays out the cells of a vector.</summary>
internal static class DuckDbTypes
{
    /// <summary>Bytes of a <c>duckdb_string_t</c>.</summary>
    internal const int TextCell = 16;

    /// <summary>Longest text that lies in the cell itself.</summary>
    internal const int InlineText = 12;

    /// <summary>Bytes of a cell; 0 for types without a fixed width and for those not read natively.</summary>
    internal static int Width(DuckDbType type) =>
        type switch
        {
            DuckDbType.Boolean or DuckDbType.TinyInt or DuckDbType.UTinyInt => 1,
            DuckDbType.SmallInt or DuckDbType.USmallInt => 2,
            DuckDbType.Integer or DuckDbType.UInteger or DuckDbType.Float or DuckDbType.Date => 4,
            DuckDbType.BigInt or DuckDbType.UBigInt or DuckDbType.Double or DuckDbType.Time or DuckDbType.Timestamp => 8,
            DuckDbType.HugeInt or DuckDbType.UHugeInt => 16,
            _ => 0,
        };
}
