namespace SegBatch.Stitching;

/// <summary>
/// What speaks against a track being the continuation of another: twice the negative logarithm of how likely its start is, if it is,
/// over how likely, if it is any other object. Lower is better; pairs above <see cref="Limit"/> are never made.
/// </summary>
internal static class StitchCost
{
    /// <summary>
    /// Where both explanations are equally likely: other objects begin about once per 2π · e^(limit/2) squares of the object's size
    /// within the gap.
    /// </summary>
    public const double Limit = 8;

    /// <summary>99.7 % of continuations lie within: chi-square with four degrees of freedom.</summary>
    private const double MotionGate = 16;

    /// <summary>Deviation of the logarithm of the area after no time, and what a second adds to its square.</summary>
    private const double AreaDeviation = 0.4;
    private const double AreaDrift = 0.1;

    private const double AspectDeviation = 0.5;
    private const double ExtentDeviation = 0.15;

    /// <summary>Cost of two tracks without a common class.</summary>
    private const double OtherClass = 6;

    /// <summary>The cost of <paramref name="later"/> following <paramref name="earlier"/>; infinite where the motion rules it out.</summary>
    public static double Of(Trajectory earlier, Trajectory later)
    {
        var (from, to) = (earlier.End, later.Start);
        var gap = to.Time - from.Time;
        if (Motion(from, to, gap) is not { } motion)
        {
            return double.PositiveInfinity;
        }

        var area = Square(to.LogArea - from.LogArea) / (Square(AreaDeviation) + AreaDrift * gap);
        var aspect = Square((to.LogAspect - from.LogAspect) / AspectDeviation);
        var extent = Square((to.LogExtent - from.LogExtent) / ExtentDeviation);
        var cost = motion + area + aspect + extent;
        return cost > Limit ? double.PositiveInfinity : cost + OtherClass * (1 - SharedClasses(earlier, later));
    }

    /// <summary>
    /// Squared Mahalanobis distance of position and velocity of the two ends, both with their uncertainty, the gap's drift between
    /// them, plus the logarithm of how large the region is in which the continuation was to be expected: the mean of predicting the
    /// start from the end and the end from the start. So the number is the same for the film run backwards.
    /// </summary>
    private static double? Motion(EndState from, EndState to, double gap)
    {
        var size = Math.Sqrt(from.Size * to.Size);
        var drift = EndState.Drift(size, gap);
        var both = from.PositionVariance + drift.Position + to.PositionVariance;
        var pp = both + 2 * gap * from.Covariance + gap * gap * from.VelocityVariance;
        var backwards = both - 2 * gap * to.Covariance + gap * gap * to.VelocityVariance;
        var pv = from.Covariance + gap * from.VelocityVariance + drift.Cross + to.Covariance;
        var vv = from.VelocityVariance + drift.Velocity + to.VelocityVariance;
        var determinant = pp * vv - pv * pv;
        var distance =
            Distance(to.X - from.X - gap * from.VelocityX, to.VelocityX - from.VelocityX)
            + Distance(to.Y - from.Y - gap * from.VelocityY, to.VelocityY - from.VelocityY);
        return distance <= MotionGate ? distance + Math.Log(pp / (size * size)) + Math.Log(backwards / (size * size)) : null;

        double Distance(double position, double velocity) =>
            (vv * position * position - 2 * pv * position * velocity + pp * velocity * velocity) / determinant;
    }

    /// <summary>Overlap of the two votes, 0 to 1.</summary>
    private static double SharedClasses(Trajectory a, Trajectory b)
    {
        var (ofA, ofB) = (a.ScoreByClass(), b.ScoreByClass());
        var (sumA, sumB) = (ofA.Values.Sum(), ofB.Values.Sum());
        return ofA.Sum(pair => Math.Min(pair.Value / sumA, ofB.GetValueOrDefault(pair.Key) / sumB));
    }

    private static double Square(double value) => value * value;
}
