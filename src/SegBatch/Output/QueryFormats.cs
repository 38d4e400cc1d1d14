using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SegBatch.Output;

/// <summary>Streams an answer in a format for machines. Each returns the number of rows.</summary>
public static class QueryFormats
{
    private const int FlushAt = 64 * 1024;

    /// <summary>RFC 4180 with a header and line feeds. NULL is an empty field, empty text is <c>""</c>.</summary>
    public static long WriteCsv(QueryRows rows, Stream target)
    {
        var buffer = new ArrayBufferWriter<byte>(2 * FlushAt);
        var cell = new ArrayBufferWriter<byte>(1024);
        for (var i = 0; i < rows.Names.Count; i++)
        {
            buffer.Write(i == 0 ? ""u8 : ","u8);
            WriteField(Encoding.UTF8.GetBytes(rows.Names[i]), buffer);
        }

        buffer.Write("\n"u8);
        return ForEachRow(
            rows,
            target,
            buffer,
            (_, row) =>
            {
                for (var column = 0; column < rows.Names.Count; column++)
                {
                    buffer.Write(column == 0 ? ""u8 : ","u8);
                    if (!rows.IsNull(column, row))
                    {
                        cell.ResetWrittenCount();
                        rows.Append(column, row, cell);
                        WriteField(cell.WrittenSpan, buffer);
                    }
                }

                buffer.Write("\n"u8);
            }
        );
    }

    /// <summary>One array of objects, or with <paramref name="lines"/> one object per line. Not-a-number and infinities are null.</summary>
    public static long WriteJson(QueryRows rows, Stream target, bool lines)
    {
        var buffer = new ArrayBufferWriter<byte>(2 * FlushAt);
        var cell = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(
            buffer,
            new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }
        );
        var names = rows.Names.Select(name => JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)).ToArray();
        buffer.Write(lines ? ""u8 : "["u8);
        var count = ForEachRow(
            rows,
            target,
            buffer,
            (index, row) =>
            {
                buffer.Write(
                    lines ? ""u8
                    : index == 0 ? "\n"u8
                    : ",\n"u8
                );
                json.Reset(buffer);
                json.WriteStartObject();
                for (var column = 0; column < names.Length; column++)
                {
                    json.WritePropertyName(names[column]);
                    cell.ResetWrittenCount();
                    WriteValue(rows, column, row, json, cell);
                }

                json.WriteEndObject();
                json.Flush();
                buffer.Write(lines ? "\n"u8 : ""u8);
            }
        );
        target.Write(
            lines ? ""u8
            : count == 0 ? "]\n"u8
            : "\n]\n"u8
        );
        return count;
    }

    private static void WriteValue(QueryRows rows, int column, int row, Utf8JsonWriter json, ArrayBufferWriter<byte> cell)
    {
        if (rows.IsNull(column, row) || rows.IsNotFinite(column, row))
        {
            json.WriteNullValue();
            return;
        }

        rows.Append(column, row, cell);
        if (rows.Kinds[column] == QueryValueKind.Text)
        {
            json.WriteStringValue(cell.WrittenSpan);
        }
        else
        {
            json.WriteRawValue(cell.WrittenSpan, skipInputValidation: true);
        }
    }

    private static void WriteField(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> buffer)
    {
        if (!text.IsEmpty && text.IndexOfAny(",\"\r\n"u8) < 0)
        {
            buffer.Write(text);
            return;
        }

        buffer.Write("\""u8);
        for (var quote = text.IndexOf((byte)'"'); quote >= 0; quote = text.IndexOf((byte)'"'))
        {
            buffer.Write(text[..(quote + 1)]);
            buffer.Write("\""u8);
            text = text[(quote + 1)..];
        }

        buffer.Write(text);
        buffer.Write("\""u8);
    }

    private static long ForEachRow(QueryRows rows, Stream target, ArrayBufferWriter<byte> buffer, Action<long, int> write)
    {
        var count = 0L;
        while (rows.NextChunk())
        {
            for (var row = 0; row < rows.Count; row++)
            {
                write(count++, row);
                if (buffer.WrittenCount >= FlushAt)
                {
                    target.Write(buffer.WrittenSpan);
                    buffer.ResetWrittenCount();
                }
            }
        }

        target.Write(buffer.WrittenSpan);
        return count;
    }
}
