namespace SegBatch.Stitching;

/// <summary>
/// Position, velocity and looks of a track at one of its ends. The centroid moves with constant velocity but for white-noise
/// acceleration, and is seen with noise; a Kalman filter over the sightings near the end gives the estimate (Bar-Shalom, Li and
/// Kirubarajan, Estimation with Applications to Tracking and Navigation, 2001, section 6.3.2). Time is in seconds, so strides and
/// variable frame rates need nothing; noise is in sizes of the object, so near and far objects are alike.
/// </summary>
/// <param name="Time">Of the sighting at the end, seconds.</param>
/// <param name="X">Frame pixels.</param>
/// <param name="Y">Frame pixels.</param>
/// <param name="VelocityX">Pixels per second, time running forwards.</param>
/// <param name="VelocityY">Pixels per second.</param>
/// <param name="PositionVariance">Of X and of Y, square pixels.</param>
/// <param name="Covariance">Of position and velocity of one axis, time running forwards.</param>
/// <param name="VelocityVariance">Of one axis.</param>
/// <param name="Size">Side of a square as large as the box, pixels: the median near the end.</param>
/// <param name="LogArea">Logarithm of the mask's area, median near the end.</param>
/// <param name="LogAspect">Logarithm of the box's width / height, median near the end.</param>
/// <param name="LogExtent">Logarithm of the mask's share of its box, median near the end.</param>
internal sealed record EndState(
    double Time,
    double X,
    double Y,
    double VelocityX,
    double VelocityY,
    double PositionVariance,
    double Covariance,
    double VelocityVariance,
    double Size,
    double LogArea,
    double LogAspect,
    double LogExtent
)
{
    /// <summary>How far back is looked: what is older says little about the motion now.</summary>
    private const int MostSightings = 15;
    private const double MostSeconds = 1.5;

    /// <summary>Noise of a centroid that is wholly seen, in sizes.</summary>
    private const double SeenNoise = 0.04;

    /// <summary>What the velocity of an object may be before anything is known, in sizes per second.</summary>
    private const double UnknownVelocity = 2;

    /// <summary>Spectral density of the acceleration, in square sizes per cubic second.</summary>
    private const double Acceleration = 1;

    public static EndState AtEnd(IReadOnlyList<Sighting> sightings) => Filter(sightings, sightings.Count - 1, -1);

    public static EndState AtStart(IReadOnlyList<Sighting> sightings) => Filter(sightings, 0, 1);

    /// <summary>What white-noise acceleration adds to the covariance of one axis over a time, in the square of pixels and seconds.</summary>
    public static (double Position, double Cross, double Velocity) Drift(double size, double seconds)
    {
        var density = Acceleration * size * size;
        return (density * seconds * seconds * seconds / 3, density * seconds * seconds / 2, density * seconds);
    }

    /// <param name="sightings">In order of time.</param>
    /// <param name="end">Index of the end that is asked for.</param>
    /// <param name="inward">Step that leads away from the end: 1 or -1.</param>
    private static EndState Filter(IReadOnlyList<Sighting> sightings, int end, int inward)
    {
        var count = 1;
        while (
            count < MostSightings
            && (uint)(end + inward * count) < (uint)sightings.Count
            && Math.Abs(sightings[end + inward * count].Time - sightings[end].Time) <= MostSeconds
        )
        {
            count++;
        }

        var window = new Sighting[count];
        for (var i = 0; i < count; i++)
        {
            window[count - 1 - i] = sightings[end + inward * i];
        }

        var size = Median(window, sighting => sighting.Size);
        var area = Median(window, sighting => sighting.Area);
        var (x, y, vx, vy) = (0d, 0d, 0d, 0d);
        var (pp, pv, vv) = (0d, 0d, 0d);
        for (var i = 0; i < count; i++)
        {
            var noise = Noise(window[i], size, area);
            if (i == 0)
            {
                (x, y) = (window[0].X, window[0].Y);
                (pp, vv) = (noise, UnknownVelocity * UnknownVelocity * size * size);
                continue;
            }

            // The window runs towards the end: at a start that is backwards in time, and the velocity is turned round below.
            var dt = Math.Abs(window[i].Time - window[i - 1].Time);
            var drift = Drift(size, dt);
            pp += 2 * dt * pv + dt * dt * vv + drift.Position;
            pv += dt * vv + drift.Cross;
            vv += drift.Velocity;
            (x, y) = (x + vx * dt, y + vy * dt);

            var (gain, gainVelocity) = (pp / (pp + noise), pv / (pp + noise));
            var (missX, missY) = (window[i].X - x, window[i].Y - y);
            (x, y, vx, vy) = (x + gain * missX, y + gain * missY, vx + gainVelocity * missX, vy + gainVelocity * missY);
            vv -= gainVelocity * pv;
            (pp, pv) = (pp - gain * pp, pv - gain * pv);
        }

        var sign = -inward;
        return new EndState(
            sightings[end].Time,
            x,
            y,
            sign * vx,
            sign * vy,
            pp,
            sign * pv,
            vv,
            size,
            Math.Log(Math.Max(1, area)),
            Median(window, sighting => Math.Log(Math.Max(1, sighting.Box.Width) / Math.Max(1, sighting.Box.Height))),
            Median(window, sighting => Math.Log(Math.Clamp(sighting.Area / Math.Max(1, sighting.Box.Area), 0.05, 1)))
        );
    }

    /// <summary>Variance of a centroid. Where a part of the object is hidden, the centroid lies up to half that part off.</summary>
    private static double Noise(in Sighting sighting, double size, double area)
    {
        var hidden = area > 0 ? Math.Clamp(1 - sighting.Area / area, 0, 1) : 0;
        var deviation = size * (SeenNoise + 0.5 * hidden);
        return deviation * deviation;
    }

    private static double Median(Sighting[] sightings, Func<Sighting, double> value)
    {
        var values = Array.ConvertAll(sightings, sighting => value(sighting));
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
