using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Tracking;

namespace SegBatch.Output;

/// <summary>What a written video differs in from its source, for the run's record.</summary>
/// <param name="Frames">Frames written.</param>
/// <param name="Size">Size of the video: the first frame's, made even.</param>
/// <param name="TimestampsRepaired">Frames whose PTS was not later than the one before, and was moved behind it.</param>
/// <param name="FramesScaled">Frames of another size than the first, scaled to it.</param>
/// <param name="ShiftSeconds">Taken from every time stamp: the start of a clip, or a start offset that players cannot show.</param>
/// <param name="AudioPackets">Audio packets copied.</param>
/// <param name="AudioPacketsDropped">Audio packets without usable time stamps.</param>
/// <param name="SkippedAudio">Audio streams that the container does not take, with the reason.</param>
public sealed record AnnotatedVideoReport(
    long Frames,
    FrameSize Size,
    long TimestampsRepaired,
    long FramesScaled,
    double ShiftSeconds,
    long AudioPackets,
    long AudioPacketsDropped,
    IReadOnlyList<string> SkippedAudio
);

/// <summary>
/// Encodes the painted frames of one video with their own time stamps (a variable rate stays variable) and copies the source's audio beside
/// them. The staged file is whole only after <see cref="Finish"/>.
/// </summary>
/// <param name="info">The source; its file is opened a second time for audio.</param>
/// <param name="options">Codec, container, quality.</param>
/// <param name="stagedPath">File to write.</param>
/// <param name="relativePath">Its final place relative to the output folder, "videos/gate.mp4".</param>
/// <param name="isClip">Only a part of the source is read (start or end given): the video starts at 0 and audio is cut to it.</param>
public sealed class AnnotatedVideoWriter(VideoInfo info, VideoEncodingOptions options, string stagedPath, string relativePath, bool isClip)
    : IResultWriter
{
    private VideoStreams? _streams;
    private bool _finished;

    /// <summary>What has been written so far.</summary>
    public AnnotatedVideoReport? Report => _streams?.Report;

    /// <inheritdoc />
    public void Write(TrackedFrame frame)
    {
        _streams ??= new VideoStreams(info, options, stagedPath, isClip, frame.Frame);
        _streams.Write(frame.Frame);
    }

    /// <summary>Completes the file. A source without a single frame gives none.</summary>
    public IReadOnlyList<StagedFile> Finish()
    {
        if (_streams is null)
        {
            return [];
        }

        _streams.Finish();
        _finished = true;
        return [new(stagedPath, relativePath)];
    }

    public void Dispose()
    {
        _streams?.Dispose();
        if (!_finished && _streams is not null)
        {
            File.Delete(stagedPath);
        }
    }
}
