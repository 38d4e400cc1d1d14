using SegBatch.Decoding;
using SegBatch.Geometry;

namespace SegBatch.Motion;

/// <summary>
/// Finds how the background moved from each frame of a video to the next: as BoT-SORT asks for it, shift, rotation and uniform scale. One instance per
/// video, called once for every frame in order. Equal frames give equal motions, whatever the batch and the number of threads.
/// </summary>
/// <param name="method">How; not <see cref="CameraMotionMethod.None"/>.</param>
/// <param name="reference">
/// Look as closely as the reference does, at a picture of half the size and up to 1000 corners; else at a picture of 640 pixels at most and
/// fewer, well-spread corners.
/// </param>
public sealed class CameraMotionEstimator(CameraMotionMethod method, bool reference)
{
    private readonly BlockVote _vote = new();
    private FrameSize _size;
    private SparseFlow? _flow;
    private GrayReduction? _reduction;
    private ReferenceGray? _gray;
    private long _frames;
    private long _byBlocks;

    /// <summary>What deserves a line in the report.</summary>
    public IReadOnlyList<string> Notes =>
        method == CameraMotionMethod.MotionVectors && _frames > 1 && _byBlocks < _frames - 1
            ?
            [
                $"camera motion: motion vectors for {_byBlocks} of {_frames - 1} frames, sparse optical flow for the rest "
                    + "(key frames, frames next to B-frames, frames left out, other codecs and hardware decoders give no vectors to go by)",
            ]
            : [];

    /// <summary>Looks at the next frame.</summary>
    /// <returns>
    /// Where a point of the background seen in the frame before lies in this one, frame pixels. Nothing moves in a first frame, in a frame of another
    /// size than the one before, and where too little can be followed.
    /// </returns>
    public AffineMotion Next(VideoFrame frame)
    {
        _frames++;
        if (_flow is null || _size != frame.Size)
        {
            Begin(frame.Size);
            Reduce(frame);
            _flow!.Skip();
            return AffineMotion.Identity;
        }

        Reduce(frame);
        if (
            method == CameraMotionMethod.MotionVectors
            && frame.Blocks is { } blocks
            && _vote.Find(blocks, _flow.Next, _reduction?.Factor ?? ReferenceGray.Factor) is { } voted
        )
        {
            _byBlocks++;
            _flow.Skip();
            return voted;
        }

        return _flow.Estimate() is { } motion ? _reduction?.InFrame(motion) ?? ReferenceGray.InFrame(motion) : AffineMotion.Identity;
    }

    private void Begin(FrameSize size)
    {
        _size = size;
        _gray = reference ? new ReferenceGray(size) : null;
        _reduction = reference ? null : new GrayReduction(size, FlowSettings.LongestSide);
        _flow = new SparseFlow(_gray?.Size ?? _reduction!.Size, reference ? FlowSettings.Reference : FlowSettings.Default);
    }

    private void Reduce(VideoFrame frame)
    {
        if (_gray is not null)
        {
            _gray.Reduce(frame, _flow!.Next);
        }
        else
        {
            _reduction!.Reduce(frame.Yuv, _flow!.Next);
        }
    }
}
