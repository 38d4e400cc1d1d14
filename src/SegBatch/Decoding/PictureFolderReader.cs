using System.Runtime.CompilerServices;

namespace SegBatch.Decoding;

/// <summary>
/// Reads the pictures of one folder as one sequence, in the natural order of their names ("2.png" before "10.png"). Each has its
/// own size. A picture that cannot be read ends the sequence with an error that names it.
/// </summary>
public sealed class PictureFolderReader : IFrameReader
{
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".bmp",
        ".jpeg",
        ".jpg",
        ".png",
        ".tif",
        ".tiff",
        ".webp",
    };

    private readonly string[] _files;
    private readonly DecodingOptions _options;

    /// <exception cref="DecodingException">There is no picture in it.</exception>
    public PictureFolderReader(string folder, DecodingOptions options)
    {
        _options = options;
        _files = [.. Directory.GetFiles(folder).Where(IsPicture).Where(file => Path.GetFileName(file)[0] != '.')];
        Array.Sort(_files, CompareNatural);
        if (_files.Length == 0)
        {
            throw new DecodingException("NO_VIDEO", $"{folder} holds no pictures.");
        }

        Info = VideoProbe.Probe(_files[0]) with
        {
            Path = folder,
            EstimatedFrames = _files.Length,
            IsImage = true,
            TimeBase = new(1, 1),
            FrameRate = new(1, 1),
            StartPts = null,
            DurationSeconds = null,
        };
    }

    public VideoInfo Info { get; }

    public string? Acceleration => null;

    public int HardwareFallbacks => 0;

    public long DecodedFrames { get; private set; }

    public long DamagedPackets => 0;

    public IReadOnlyList<string> Notes => [];

    /// <summary>True for a name with a picture's extension.</summary>
    public static bool IsPicture(string path) => Extensions.Contains(Path.GetExtension(path));

    public async IAsyncEnumerable<VideoFrame> ReadAsync(FramePool pool, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var first = _options.Start is { } start ? start.Frame ?? (long)Math.Ceiling(start.Seconds ?? 0) : 0;
        var end = _options.End is { } last ? last.Frame ?? (long)Math.Ceiling(last.Seconds ?? 0) : _files.Length;
        for (var i = first; i < Math.Min(end, _files.Length); i += _options.Stride)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var reader = new FFmpegFrameReader(_files[i], new DecodingOptions());
            await foreach (var frame in reader.ReadAsync(pool, cancellationToken))
            {
                DecodedFrames++;
                frame.Index = i;
                frame.Pts = null;
                frame.TimeBase = Info.TimeBase;
                frame.TimeSeconds = i;
                frame.File = Path.GetFileName(_files[i]);
                yield return frame;
                break; // an animated picture is shown by its first frame
            }
        }
    }

    public void Dispose() { }

    /// <summary>Runs of digits compare by their value, everything else by code unit.</summary>
    private static int CompareNatural(string a, string b)
    {
        var (i, j) = (0, 0);
        while (i < a.Length && j < b.Length)
        {
            var (digitsA, digitsB) = (Digits(a, i), Digits(b, j));
            var partA = a.AsSpan(i, Math.Max(1, digitsA));
            var partB = b.AsSpan(j, Math.Max(1, digitsB));
            if (digitsA > 0 && digitsB > 0)
            {
                var numberA = partA.TrimStart('0');
                var numberB = partB.TrimStart('0');
                var order = numberA.Length != numberB.Length ? numberA.Length - numberB.Length : numberA.SequenceCompareTo(numberB);
                if (order != 0)
                {
                    return order;
                }
            }
            else if (a[i] != b[j])
            {
                return a[i] - b[j];
            }

            i += partA.Length;
            j += partB.Length;
        }

        return a.Length - i - (b.Length - j) is var rest && rest != 0 ? rest : string.CompareOrdinal(a, b);
    }

    private static int Digits(string text, int start)
    {
        var end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return end - start;
    }
}
