using SegBatch.Native.FFmpeg;
using SegBatch.Tracking;

namespace SegBatch.Output;

/// <summary>
/// Writes the painted frames of a picture source as JPEG files: <c>videos/&lt;video&gt;.jpg</c> for a single picture,
/// <c>videos/&lt;video&gt;/&lt;stem&gt;.jpg</c> for each of a folder.
/// </summary>
/// <param name="stagingFolder">Folder of this source alone; made when needed, removed by disposing without <see cref="Finish"/>.</param>
/// <param name="video">The source's key.</param>
public sealed class AnnotatedPictureWriter(string stagingFolder, string video) : IResultWriter
{
    private const int Quality = 2;

    private readonly List<StagedFile> _files = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private bool _finished;

    /// <inheritdoc />
    public void Write(TrackedFrame frame)
    {
        var picture = frame.Frame;
        var samples = picture.YuvSamples ?? throw new ObjectDisposedException(nameof(frame));
        var jpeg = JpegEncoder.Encode(samples, ColorTags.Matrix(picture.Color.Matrix), picture.Color.FullRange, Quality);
        Directory.CreateDirectory(stagingFolder);
        var staged = Path.Combine(stagingFolder, $"{_files.Count:000000}.jpg");
        File.WriteAllBytes(staged, jpeg);
        _files.Add(
            new(staged, $"videos/{Unique(picture.File is { } file ? $"{video}/{Path.GetFileNameWithoutExtension(file)}" : video)}.jpg")
        );
    }

    /// <inheritdoc />
    public IReadOnlyList<StagedFile> Finish()
    {
        _finished = true;
        return _files;
    }

    public void Dispose()
    {
        if (!_finished && Directory.Exists(stagingFolder))
        {
            Directory.Delete(stagingFolder, recursive: true);
        }
    }

    /// <summary>"a.png" and "a.jpg" of one folder must not overwrite each other.</summary>
    private string Unique(string name)
    {
        var unique = name;
        for (var i = 2; !_names.Add(unique); i++)
        {
            unique = $"{name}-{i}";
        }

        return unique;
    }
}
