using SegBatch.Geometry;

namespace SegBatch.Tracking;

/// <summary>The motion states of a tracklet at its last sightings.</summary>
/// <param name="length">States kept, 1 or more.</param>
internal sealed class MotionHistory(int length)
{
    private readonly BoxState[] _ring = new BoxState[length];
    private int _count;

    public void Clear() => _count = 0;

    public void Add(in BoxState state) => _ring[_count++ % length] = state;

    /// <summary>Puts all states into the coordinates after a motion of the camera.</summary>
    public void Move(BoxKalmanFilter filter, AffineMotion camera)
    {
        for (var i = 0; i < Math.Min(_count, length); i++)
        {
            filter.Move(ref _ring[i], camera);
        }
    }

    /// <summary>The state so many sightings ago, 1 for the last; the oldest one where there were not as many.</summary>
    public ref readonly BoxState Back(int sightings) => ref _ring[(_count - Math.Min(sightings, _count)) % length];
}
