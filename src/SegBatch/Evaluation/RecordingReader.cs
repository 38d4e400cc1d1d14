using System.IO.Compression;
using System.Text.Json;
using SegBatch.Geometry;
using SegBatch.Masks;

namespace SegBatch.Evaluation;

/// <summary>Reads a recording: lines of JSON, gzipped or not; the first describes the run, each other one a frame.</summary>
public static class RecordingReader
{
    private const double DefaultConf = 0.25;

    /// <exception cref="RecordingException">The file is not there or not a recording: which line, and what is wrong with it.</exception>
    public static Recording Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var isZipped = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
            file.Position = 0;
            using Stream stream = isZipped ? new GZipStream(file, CompressionMode.Decompress) : file;
            using var reader = new StreamReader(stream);
            return Read(reader, path);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new RecordingException($"The recording {path} cannot be read: {error.Message}", error);
        }
    }

    private static Recording Read(StreamReader reader, string path)
    {
        var number = 1;
        try
        {
            var first = reader.ReadLine() ?? throw new FormatException("the file is empty; a recording begins with a line about the run");
            using var header = JsonDocument.Parse(first);
            var part = Text(header.RootElement, "part");
            var isTracked = Recording.IsTrackedPart(part);
            var frames = new List<RecordedFrame>();
            var seen = new HashSet<long>();
            while (reader.ReadLine() is { } line)
            {
                number++;
                if (line.Length == 0)
                {
                    continue;
                }

                using var document = JsonDocument.Parse(line);
                var frame = Frame(document.RootElement, isTracked);
                frames.Add(seen.Add(frame.Index) ? frame : throw new FormatException($"frame {frame.Index} was there before"));
            }

            var conf = isTracked ? 0 : Conf(header.RootElement);
            return new Recording(part, Text(header.RootElement, "clip"), Text(header.RootElement, "model"), conf, frames);
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or InvalidDataException)
        {
            var what = error is JsonException ? $"this is no JSON ({error.Message})" : error.Message;
            throw new RecordingException($"{path}, line {number}: {what}", error);
        }
    }

    private static RecordedFrame Frame(JsonElement line, bool isTracked)
    {
        var index = Field(line, "frame", JsonValueKind.Number).GetInt64();
        if (isTracked && line.TryGetProperty("tracks", out var tracks))
        {
            return new RecordedFrame(index, false, [.. tracks.EnumerateArray().Select(Track)]);
        }

        var boxes = Values(line, "xyxy", null);
        var scores = Values(line, "conf", boxes.Count);
        var classes = Values(line, "cls", boxes.Count);
        var ids = isTracked ? Values(line, "id", boxes.Count) : null;
        var masks = !isTracked && line.TryGetProperty("rle", out _) ? Values(line, "rle", boxes.Count) : null;
        var size = masks is { Count: > 0 } ? Size(line) : default;
        var objects = boxes.Select(
            (box, i) =>
                new RecordedObject(
                    Corners(box),
                    Real(scores[i], "conf"),
                    Whole(classes[i], "cls"),
                    ids is null ? null : Whole(ids[i], "id"),
                    masks is null ? null : Mask(masks[i], size)
                )
        );
        return new RecordedFrame(index, isTracked, [.. objects]);
    }

    private static RecordedObject Track(JsonElement track) =>
        new(
            Corners(Field(track, "xyxy", JsonValueKind.Array)),
            Real(Field(track, "conf", JsonValueKind.Number), "conf"),
            Whole(Field(track, "cls", JsonValueKind.Number), "cls"),
            Whole(Field(track, "id", JsonValueKind.Number), "id"),
            Mask: null
        );

    private static BoxCorners Corners(JsonElement box) =>
        box.ValueKind == JsonValueKind.Array && box.GetArrayLength() == 4
            ? new BoxCorners(Real(box[0], "xyxy"), Real(box[1], "xyxy"), Real(box[2], "xyxy"), Real(box[3], "xyxy"))
            : throw new FormatException($"'xyxy' holds {box.GetRawText()}; a box is [x1, y1, x2, y2]");

    private static FrameSize Size(JsonElement line)
    {
        var size = Values(line, "mask_size", 2);
        return new FrameSize(Whole(size[1], "mask_size"), Whole(size[0], "mask_size"));
    }

    private static RleMask Mask(JsonElement rle, FrameSize size)
    {
        if (rle.ValueKind != JsonValueKind.String)
        {
            throw new FormatException($"'rle' holds {rle.GetRawText()}, expected a mask's compressed counts as text");
        }

        var mask = new RleMask(size, CocoRle.Decode(rle.GetString()));
        mask.Validate();
        return mask;
    }

    private static List<JsonElement> Values(JsonElement line, string name, int? count)
    {
        var values = Field(line, name, JsonValueKind.Array).EnumerateArray().ToList();
        return count is null || values.Count == count
            ? values
            : throw new FormatException($"'{name}' has {values.Count} values, expected {count}");
    }

    private static double Conf(JsonElement header) =>
        header.TryGetProperty("args", out var args) && args.ValueKind == JsonValueKind.Object && args.TryGetProperty("conf", out var conf)
            ? Real(conf, "conf")
            : DefaultConf;

    private static double Real(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : throw new FormatException($"'{name}' holds {value.GetRawText()}, expected a number");

    private static int Whole(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var whole)
            ? whole
            : throw new FormatException($"'{name}' holds {value.GetRawText()}, expected a whole number");

    private static string Text(JsonElement line, string name) => Field(line, name, JsonValueKind.String).GetString()!;

    private static JsonElement Field(JsonElement line, string name, JsonValueKind kind) =>
        line.ValueKind != JsonValueKind.Object ? throw new FormatException("expected an object in braces")
        : !line.TryGetProperty(name, out var value) ? throw new FormatException($"'{name}' is missing")
        : value.ValueKind != kind ? throw new FormatException($"'{name}' is {value.GetRawText()}, expected {Kind(kind)}")
        : value;

    private static string Kind(JsonValueKind kind) =>
        kind switch
        {
            JsonValueKind.Array => "a list",
            JsonValueKind.Number => "a number",
            _ => "text",
        };
}
