using System.ComponentModel;
using System.Diagnostics;

namespace SegBatch.Demo;

/// <summary>Stores pictures as a clip with the ffmpeg tool, which gets them through a pipe.</summary>
internal sealed class ClipEncoder : IAsyncDisposable
{
    private readonly DemoClip _clip;
    private readonly string _path;
    private readonly Process _tool;
    private readonly Task<string> _complaints;
    private readonly byte[]? _lying;

    /// <exception cref="DemoException">The tool is not installed.</exception>
    public ClipEncoder(DemoClip clip, string path)
    {
        (_clip, _path) = (clip, path);
        _lying = clip.IsRotated ? new byte[clip.Size.Area * 3] : null;
        var start = new ProcessStartInfo("ffmpeg", Arguments(clip, path)) { RedirectStandardInput = true, RedirectStandardError = true };
        try
        {
            _tool = Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new DemoException(
                "The demo clips are encoded with the ffmpeg tool, which cannot be started. Install it (Debian, Ubuntu: apt-get install ffmpeg).",
                error
            );
        }

        _complaints = _tool.StandardError.ReadToEndAsync();
    }

    /// <param name="rgb">The upright picture, width × height × 3 bytes.</param>
    public async Task WriteAsync(ReadOnlyMemory<byte> rgb, CancellationToken stopping)
    {
        if (_lying is not null)
        {
            LayDown(rgb.Span, _lying);
            rgb = _lying;
        }

        try
        {
            await _tool.StandardInput.BaseStream.WriteAsync(rgb, stopping);
        }
        catch (IOException error)
        {
            // The tool has gone; it says why.
            throw await FailureAsync(error);
        }
    }

    /// <summary>Completes the file.</summary>
    /// <exception cref="DemoException">The tool did not make it.</exception>
    public async Task FinishAsync(CancellationToken stopping)
    {
        try
        {
            _tool.StandardInput.Close();
        }
        catch (IOException error)
        {
            throw await FailureAsync(error);
        }

        await _tool.WaitForExitAsync(stopping);
        if (_tool.ExitCode != 0)
        {
            throw await FailureAsync(null);
        }

        if (_clip.IsRotated)
        {
            DisplayMatrix.WriteQuarterTurn(_path, storedHeight: _clip.Size.Width);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_tool.HasExited)
        {
            _tool.Kill();
            await _tool.WaitForExitAsync();
        }

        _tool.Dispose();
    }

    private static List<string> Arguments(DemoClip clip, string path)
    {
        var (width, height) = clip.IsRotated ? (clip.Size.Height, clip.Size.Width) : (clip.Size.Width, clip.Size.Height);
        List<string> arguments = ["-hide_banner", "-loglevel", "error", "-y"];
        arguments.AddRange(["-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", $"{width}x{height}", "-framerate", "25", "-i", "pipe:0"]);
        if (clip.HasAudio)
        {
            var seconds = (clip.Milliseconds / 1000.0).ToString("0.###");
            arguments.AddRange(["-f", "lavfi", "-i", $"sine=frequency=220:beep_factor=4:duration={seconds}"]);
            arguments.AddRange(["-map", "0:v", "-map", "1:a", "-c:a", "aac", "-b:a", "64k"]);
        }

        var color = "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int+bicubic";
        arguments.AddRange(["-vf", $"settb=1/1000,setpts='{clip.TimesExpression()}',{color},format={clip.PixelFormat}"]);
        arguments.AddRange(["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]);
        // Times as given, in milliseconds: the encoder would otherwise count in frames.
        arguments.AddRange(["-fps_mode", "passthrough", "-enc_time_base", "1:1000"]);
        arguments.AddRange(clip.Encoding);
        // No version, date or random number in the file.
        arguments.AddRange(["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"]);
        if (path.EndsWith(".mp4", StringComparison.Ordinal))
        {
            arguments.AddRange(["-movflags", "+faststart"]);
        }

        arguments.Add(path);
        return arguments;
    }

    /// <summary>Turns the picture a quarter turn to the left; the display turns it back to the right.</summary>
    private void LayDown(ReadOnlySpan<byte> upright, Span<byte> lying)
    {
        var (width, height) = (_clip.Size.Width, _clip.Size.Height);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                upright.Slice(3 * (y * width + x), 3).CopyTo(lying[(3 * ((width - 1 - x) * height + y))..]);
            }
        }
    }

    private async Task<DemoException> FailureAsync(Exception? inner)
    {
        var complaints = (await _complaints).Trim();
        return new DemoException(
            $"The ffmpeg tool could not write {_path}: {(complaints.Length > 0 ? complaints : "it gave no reason")}",
            inner
        );
    }
}
