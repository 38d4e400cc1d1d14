using SegBatch.Native.FFmpeg;

namespace SegBatch.Decoding;

/// <summary>Oddities of one source that are worth a line in its report, each told once.</summary>
internal sealed class ReadingNotes
{
    private readonly List<string> _lines = [];
    private (int Width, int Height) _size;
    private bool _sizeChanged;

    public IReadOnlyList<string> Lines => _lines;

    public void Add(string line) => _lines.Add(line);

    public void OfStream(VideoStreamInfo stream)
    {
        if (stream.Orientation is not { } orientation)
        {
            Add("the container asks for a rotation that is no multiple of 90 degrees: it is not applied");
        }
        else if (orientation.IsMirrored)
        {
            Add("the container asks for a mirrored picture: it is mirrored");
        }

        if (stream.Color.IsHighDynamicRange)
        {
            Add("the colours are HDR (PQ or HLG) and not tone-mapped: the picture looks paler than on an HDR display");
        }
    }

    public void OfFrame(long index, in DecodedFrame frame)
    {
        if (index == 0)
        {
            _size = (frame.Width, frame.Height);
            if (frame.Pts is null)
            {
                Add("the file has no time stamps: times follow from the frame rate");
            }
        }
        else if (!_sizeChanged && _size != (frame.Width, frame.Height))
        {
            _sizeChanged = true;
            Add($"the picture size changes at frame {index}, from {_size.Width}x{_size.Height} to {frame.Width}x{frame.Height}");
        }
    }
}
