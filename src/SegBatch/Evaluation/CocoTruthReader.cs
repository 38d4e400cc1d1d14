using System.Text;
using System.Text.Json;
using SegBatch.Geometry;
using SegBatch.Masks;

namespace SegBatch.Evaluation;

/// <summary>
/// Reads truth in COCO's JSON (cocodataset.org, "Data format"), also with videos (`videos`, and `video_id`, `frame_id` in images, `track_id`
/// or `instance_id` in annotations). An image without a video is a frame by its file name: VIDEO/000012.png is frame 12 of VIDEO.
/// </summary>
public static class CocoTruthReader
{
    /// <param name="onlyVideo">The video of images whose file name says none; null to refuse them.</param>
    /// <param name="frameOfFile">Video and frame by the file name of a picture, where the run has read pictures.</param>
    /// <exception cref="EvaluationException">The file is not COCO JSON; what is missing.</exception>
    public static TruthInMemory Read(string path, string? onlyVideo, IReadOnlyDictionary<string, (string Video, long Frame)> frameOfFile)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var document = JsonDocument.Parse(file);
            return Read(document.RootElement, onlyVideo, frameOfFile);
        }
        catch (Exception error)
            when (error is JsonException or FormatException or KeyNotFoundException or ArgumentException or InvalidOperationException)
        {
            throw new EvaluationException($"{path} is no COCO truth: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"The truth {path} cannot be read: {error.Message}", error);
        }
    }

    private static TruthInMemory Read(
        JsonElement root,
        string? onlyVideo,
        IReadOnlyDictionary<string, (string Video, long Frame)> frameOfFile
    )
    {
        var videos = root.TryGetProperty("videos", out var listed)
            ? listed.EnumerateArray().ToDictionary(video => Field(video, "id").GetInt64(), video => Text(video, "name"))
            : [];
        var images = new Dictionary<long, (string Video, long Frame, FrameSize Size)>();
        var frames = new Dictionary<string, Dictionary<long, IReadOnlyList<StoredObject>>>();
        foreach (var image in Field(root, "images").EnumerateArray())
        {
            var (video, frame) = Place(image, videos, onlyVideo, frameOfFile);
            var size = new FrameSize(Field(image, "width").GetInt32(), Field(image, "height").GetInt32());
            images[Field(image, "id").GetInt64()] = (video, frame, size);
            if (!frames.TryGetValue(video, out var ofVideo))
            {
                frames[video] = ofVideo = [];
            }

            ofVideo[frame] = new List<StoredObject>();
        }

        foreach (var annotation in Field(root, "annotations").EnumerateArray())
        {
            var (video, frame, size) = images[Field(annotation, "image_id").GetInt64()];
            ((List<StoredObject>)frames[video][frame]).Add(Object(annotation, size));
        }

        return new TruthInMemory(
            frames.ToDictionary(video => video.Key, video => new StoredVideo(video.Value)),
            Field(root, "categories").EnumerateArray().ToDictionary(item => Field(item, "id").GetInt32(), item => Text(item, "name")),
            ListsItsFrames: true
        );
    }

    private static (string Video, long Frame) Place(
        JsonElement image,
        Dictionary<long, string> videos,
        string? onlyVideo,
        IReadOnlyDictionary<string, (string Video, long Frame)> frameOfFile
    )
    {
        if (image.TryGetProperty("video_id", out var id) && videos.TryGetValue(id.GetInt64(), out var name))
        {
            return (Path.ChangeExtension(name, null), Field(image, "frame_id").GetInt64());
        }

        var file = Text(image, "file_name");
        if (frameOfFile.TryGetValue(file, out var known) || frameOfFile.TryGetValue(Path.GetFileName(file), out known))
        {
            return known;
        }

        var folder = Path.GetFileName(Path.GetDirectoryName(file));
        var digits = Path.GetFileNameWithoutExtension(file);
        return long.TryParse(digits, out var frame) && (string.IsNullOrEmpty(folder) ? onlyVideo : folder) is { } video
            ? (video, frame)
            : throw new FormatException(
                $"the image '{file}' belongs to no video: give it a video_id and a frame_id, or a name such as VIDEO/000012.png"
            );
    }

    private static StoredObject Object(JsonElement annotation, FrameSize size)
    {
        var mask = annotation.TryGetProperty("segmentation", out var segmentation) ? Mask(segmentation, size) : null;
        BoxCorners? box = null;
        if (annotation.TryGetProperty("bbox", out var bounds) && bounds.GetArrayLength() == 4)
        {
            var (x, y) = (bounds[0].GetDouble(), bounds[1].GetDouble());
            box = new BoxCorners(x, y, x + bounds[2].GetDouble(), y + bounds[3].GetDouble());
        }

        if (mask is null && box is null)
        {
            throw new FormatException("an annotation has neither a segmentation nor a bbox");
        }

        return new StoredObject(
            Field(annotation, "category_id").GetInt32(),
            Id(annotation, "track_id") ?? Id(annotation, "instance_id"),
            1,
            box,
            mask,
            size,
            IsCrowd: Id(annotation, "iscrowd") is > 0,
            IsIgnored: Id(annotation, "ignore") is > 0,
            Area: annotation.TryGetProperty("area", out var area) ? area.GetDouble() : null
        );
    }

    /// <summary>Compressed or plain run lengths, or polygons.</summary>
    private static byte[]? Mask(JsonElement segmentation, FrameSize size)
    {
        if (segmentation.ValueKind == JsonValueKind.Array)
        {
            var polygons = segmentation
                .EnumerateArray()
                .Select(polygon => polygon.EnumerateArray().Select(value => value.GetDouble()).ToArray())
                .ToList();
            return polygons.Count == 0 ? null : Compressed(PolygonMask.Fill(polygons, size).Counts.Span);
        }

        var counts = Field(segmentation, "counts");
        return counts.ValueKind == JsonValueKind.String
            ? Encoding.ASCII.GetBytes(counts.GetString()!)
            : Compressed([.. counts.EnumerateArray().Select(count => count.GetInt32())]);
    }

    private static byte[] Compressed(ReadOnlySpan<int> counts) => Encoding.ASCII.GetBytes(CocoRle.ToString(counts));

    private static long? Id(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;

    private static JsonElement Field(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) ? value : throw new FormatException($"'{name}' is missing");

    private static string Text(JsonElement item, string name) =>
        Field(item, name).GetString() ?? throw new FormatException($"'{name}' is null");
}
