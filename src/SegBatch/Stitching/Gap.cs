using SegBatch.Geometry;

namespace SegBatch.Stitching;

/// <summary>A time in which a track was not seen, and the sightings before and after it.</summary>
internal readonly record struct Gap(Trajectory Track, Sighting Before, Sighting After)
{
    public double Seconds => After.Time - Before.Time;

    /// <summary>The box between the two, linear in time, frame pixels.</summary>
    public Box At(double time)
    {
        var share = Seconds > 0 ? (time - Before.Time) / Seconds : 0.5;
        var (from, to) = (Before.Box, After.Box);
        return new Box(Mix(from.X1, to.X1), Mix(from.Y1, to.Y1), Mix(from.X2, to.X2), Mix(from.Y2, to.Y2));

        float Mix(float a, float b) => (float)(a + share * ((double)b - a));
    }

    /// <summary>The sighting nearer in time; the earlier one if equal.</summary>
    public Sighting Nearer(double time) => time - Before.Time <= After.Time - time ? Before : After;

    /// <summary>The gaps of a track up to a length, in order of time.</summary>
    public static IEnumerable<Gap> Of(Trajectory track, double mostSeconds)
    {
        for (var i = 1; i < track.Sightings.Count; i++)
        {
            var gap = new Gap(track, track.Sightings[i - 1], track.Sightings[i]);
            if (gap.After.Frame > gap.Before.Frame + 1 && gap.Seconds <= mostSeconds)
            {
                yield return gap;
            }
        }
    }
}
