using System.Text;
using SegBatch.Geometry;

namespace SegBatch.Demo;

/// <summary>Frames one after another at one distance in time.</summary>
internal readonly record struct Pace(int Frames, int MillisecondsPerFrame);

/// <summary>One clip of the archive: what it shows and how it is stored.</summary>
internal sealed record DemoClip
{
    public required string FileName { get; init; }

    /// <summary>Of the upright picture.</summary>
    public required FrameSize Size { get; init; }

    /// <summary>The frames in time.</summary>
    public required IReadOnlyList<Pace> Paces { get; init; }

    /// <summary>See <see cref="DemoScene"/>.</summary>
    public required int Seed { get; init; }

    public required int Wanderers { get; init; }

    public required int Crossers { get; init; }

    /// <summary>What the ffmpeg tool is to do with the pictures.</summary>
    public required IReadOnlyList<string> Encoding { get; init; }

    public string PixelFormat { get; init; } = "yuv420p";

    /// <summary>Adds a track of beeps.</summary>
    public bool HasAudio { get; init; }

    /// <summary>Stores the picture lying on its side, with a display matrix that says so.</summary>
    public bool IsRotated { get; init; }

    /// <summary>Key of the video in tables.</summary>
    public string Key => Path.GetFileNameWithoutExtension(FileName);

    public int FrameCount => Paces.Sum(pace => pace.Frames);

    public int Milliseconds => Paces.Sum(pace => pace.Frames * pace.MillisecondsPerFrame);

    /// <summary>Presentation times from the start, in milliseconds.</summary>
    public IEnumerable<int> Times()
    {
        var time = 0;
        foreach (var pace in Paces)
        {
            for (var i = 0; i < pace.Frames; i++, time += pace.MillisecondsPerFrame)
            {
                yield return time;
            }
        }
    }

    /// <summary>The same times as an expression of the frame's number N, for the filter `setpts`.</summary>
    public string TimesExpression()
    {
        var text = new StringBuilder();
        var (frame, time) = (0, 0);
        for (var i = 0; i < Paces.Count; i++)
        {
            var (frames, step) = Paces[i];
            var here = $"{time}+(N-{frame})*{step}";
            (frame, time) = (frame + frames, time + frames * step);
            text.Append(i < Paces.Count - 1 ? $"if(lt(N,{frame}),{here}," : here);
        }

        return text.Append(')', Paces.Count - 1).ToString();
    }
}
