using SegBatch.Native.DuckDb;

namespace SegBatch.Tables;

/// <summary>A column as readers of the tables see it.</summary>
/// <param name="Name">Other people's queries depend on it.</param>
/// <param name="Type">SQL type.</param>
/// <param name="Unit">Unit or coordinate space; empty where there is none.</param>
/// <param name="Meaning">One line; says when the value is NULL.</param>
public record Column(string Name, string Type, string Unit, string Meaning);

/// <summary>Reads one value of a row; null becomes NULL.</summary>
public delegate T Read<TRow, out T>(in TRow row);

/// <summary>A column with how its value is taken from a row and written.</summary>
public sealed record Column<TRow> : Column
{
    private readonly DuckDbType _type;
    private readonly WriteCell _write;

    private Column(string name, DuckDbType type, string unit, string meaning, WriteCell write)
        : base(name, type.ToString().ToUpperInvariant(), unit, meaning)
    {
        _type = type;
        _write = write;
    }

    private delegate void WriteCell(RowStream rows, int column, in TRow row);

    internal DuckDbColumn Native => new(Name, _type);

    internal static Column<TRow> Text(string name, string unit, string meaning, Read<TRow, string?> read) =>
        new(
            name,
            DuckDbType.Varchar,
            unit,
            meaning,
            (rows, column, in row) =>
            {
                if (read(in row) is { } text)
                {
                    rows.SetText(column, text);
                }
                else
                {
                    rows.SetNull(column);
                }
            }
        );

    /// <summary>Text that is ASCII bytes already.</summary>
    internal static Column<TRow> Ascii(string name, string unit, string meaning, Read<TRow, ReadOnlyMemory<byte>> read) =>
        new(name, DuckDbType.Varchar, unit, meaning, (rows, column, in row) => rows.SetUtf8(column, read(in row).Span));

    internal static Column<TRow> Boolean(string name, string unit, string meaning, Read<TRow, bool?> read) =>
        Of(name, DuckDbType.Boolean, unit, meaning, read);

    internal static Column<TRow> Integer(string name, string unit, string meaning, Read<TRow, int?> read) =>
        Of(name, DuckDbType.Integer, unit, meaning, read);

    internal static Column<TRow> BigInt(string name, string unit, string meaning, Read<TRow, long?> read) =>
        Of(name, DuckDbType.BigInt, unit, meaning, read);

    internal static Column<TRow> Float(string name, string unit, string meaning, Read<TRow, float?> read) =>
        Of(name, DuckDbType.Float, unit, meaning, read);

    internal static Column<TRow> Double(string name, string unit, string meaning, Read<TRow, double?> read) =>
        Of(name, DuckDbType.Double, unit, meaning, read);

    internal void Write(RowStream rows, int column, in TRow row) => _write(rows, column, in row);

    private static Column<TRow> Of<T>(string name, DuckDbType type, string unit, string meaning, Read<TRow, T?> read)
        where T : unmanaged =>
        new(
            name,
            type,
            unit,
            meaning,
            (rows, column, in row) =>
            {
                if (read(in row) is { } value)
                {
                    rows.Set(column, value);
                }
                else
                {
                    rows.SetNull(column);
                }
            }
        );
}
