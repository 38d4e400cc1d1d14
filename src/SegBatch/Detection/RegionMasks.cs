using SegBatch.Geometry;
using SegBatch.Masks;

namespace SegBatch.Detection;

/// <summary>
/// Masks of objects from a small map each over the object's box, straight to run lengths. As Detectron2 pastes them
/// (paste_masks_in_image: grid_sample, bilinear, zeros around, align_corners=False; https://detectron2.readthedocs.io): a pixel is set where
/// the value at its centre is above the threshold, and the cells around the map are 0. torchvision and maskrcnn-benchmark have the same
/// map (they widen mask and box by a cell, in proportion) but move the box to whole pixels first, which is not done here: it makes
/// masks wider by half a pixel on every side.
/// </summary>
/// <param name="threshold">0.5 for probabilities.</param>
internal sealed class RegionMasks(float threshold)
{
    [ThreadStatic]
    private static Scratch? t_scratch;

    /// <summary>Appends the mask of one object to <paramref name="runs"/>; false, and nothing appended, when it has no pixel.</summary>
    /// <param name="map">Row-major of <paramref name="size"/>, over the box.</param>
    /// <param name="box">In frame pixels; the part outside the frame is not drawn, but the map lies over it too.</param>
    /// <param name="frame">Size of the frame.</param>
    public bool TryAppend(ReadOnlySpan<float> map, FrameSize size, in Box box, FrameSize frame, RunBuffer runs, out RleMask mask)
    {
        mask = default;
        if (!(box.X1 < box.X2 && box.Y1 < box.Y2))
        {
            return false;
        }

        var left = (int)Math.Max(0f, MathF.Floor(box.X1));
        var top = (int)Math.Max(0f, MathF.Floor(box.Y1));
        var right = (int)Math.Min(frame.Width, MathF.Ceiling(box.X2));
        var bottom = (int)Math.Min(frame.Height, MathF.Ceiling(box.Y2));
        if (left >= right || top >= bottom)
        {
            return false;
        }

        var scratch = t_scratch ??= new Scratch();
        scratch.Sampling.X.Place(box.X1, box.Width, size.Width, left, right);
        scratch.Sampling.Y.Place(box.Y1, box.Height, size.Height, top, bottom);
        var framed = scratch.Frame(map, size);
        var pixels = (left, top, right, bottom);
        var tracer = MaskTracer.OfThread;
        tracer.Patch.TakeFrom(scratch.Map, framed, threshold, scratch.Sampling, MaskTracer.CellsOf(pixels, scratch.Sampling));
        return tracer.TryTrace(scratch.Sampling, frame, pixels, runs, out mask);
    }

    /// <summary>Memory of one thread, reused from object to object.</summary>
    private sealed class Scratch
    {
        private float[] _map = [];

        public PrototypeSampling Sampling { get; } = new(new AxisSampling(), new AxisSampling());

        /// <summary>The map of the last call to <see cref="Frame"/>.</summary>
        public ReadOnlySpan<float> Map => _map;

        /// <summary>Copies a map with a ring of zeros around it.</summary>
        /// <returns>The size with the ring.</returns>
        public FrameSize Frame(ReadOnlySpan<float> map, FrameSize size)
        {
            var framed = new FrameSize(size.Width + 2, size.Height + 2);
            if (_map.Length < framed.Area)
            {
                _map = new float[framed.Area];
            }

            _map.AsSpan(0, (int)framed.Area).Clear();
            for (var y = 0; y < size.Height; y++)
            {
                map.Slice(y * size.Width, size.Width).CopyTo(_map.AsSpan(((y + 1) * framed.Width) + 1));
            }

            return framed;
        }
    }
}
