using System.Runtime.Intrinsics;
using SegBatch.Geometry;

namespace SegBatch.Tracking;

/// <summary>
/// Mean and covariance of a box and its velocity per frame, four coordinates side by side. The noise of the coordinates is
/// independent, so the 8 × 8 covariance is four 2 × 2 blocks: variance of the value, of the velocity, and their covariance; and, once the
/// camera has turned, what it brought about between the coordinates of a pair.
/// </summary>
internal struct BoxState
{
    public Vector256<double> Value;
    public Vector256<double> Velocity;
    public Vector256<double> ValueVariance;
    public Vector256<double> Covariance;
    public Vector256<double> VelocityVariance;
    public PairCovariance Pair;
}

/// <summary>
/// Kalman filter of constant velocity over boxes, one frame per step, in double precision. Standard deviations are proportional to
/// the box's size: weights 1/20 for values and 1/160 for velocities, as in SORT's descendants (Wojke et al., Simple online and realtime
/// tracking with a deep association metric, ICIP 2017, section 2.1). The source's Cholesky solution of the 4 × 4 system is four divisions here.
/// </summary>
internal sealed class BoxKalmanFilter
{
    private const double ValueWeight = 1.0 / 20;
    private const double VelocityWeight = 1.0 / 160;

    private readonly bool _hasAspect;
    private readonly Vector256<double> _valueDeviation;
    private readonly Vector256<double> _velocityDeviation;
    private readonly Vector256<double> _measurementDeviation;
    private readonly Vector256<double> _firstValueDeviation;
    private readonly Vector256<double> _firstVelocityDeviation;

    private BoxKalmanFilter(bool hasAspect)
    {
        _hasAspect = hasAspect;
        var value = Vector256.Create(ValueWeight);
        var velocity = Vector256.Create(VelocityWeight);
        _valueDeviation = WithAspect(value, 1e-2);
        _velocityDeviation = WithAspect(velocity, 1e-5);
        _measurementDeviation = WithAspect(value, 1e-1);
        _firstValueDeviation = WithAspect(2 * value, 1e-2);
        _firstVelocityDeviation = WithAspect(10 * velocity, 1e-5);
    }

    /// <summary>Centre x, centre y, width / height, height, as ByteTrack's: deviations go with the height, those of the ratio are fixed.</summary>
    public static BoxKalmanFilter Xyah { get; } = new(hasAspect: true);

    /// <summary>Centre x, centre y, width, height, as BoT-SORT's: deviations go with the width for x and width, with the height for y and height.</summary>
    public static BoxKalmanFilter Xywh { get; } = new(hasAspect: false);

    /// <summary>The state after one measurement, at rest.</summary>
    public BoxState Initiate(Vector256<double> measurement)
    {
        var scale = Scale(measurement);
        return new BoxState
        {
            Value = measurement,
            ValueVariance = Squared(_firstValueDeviation * scale),
            VelocityVariance = Squared(_firstVelocityDeviation * scale),
        };
    }

    /// <summary>Advances by one frame; the noise goes with the size before it.</summary>
    public void Predict(ref BoxState state)
    {
        var scale = Scale(state.Value);
        state.Value += state.Velocity;
        state.ValueVariance += 2 * state.Covariance + state.VelocityVariance + Squared(_valueDeviation * scale);
        state.Covariance += state.VelocityVariance;
        state.VelocityVariance += Squared(_velocityDeviation * scale);
        state.Pair.Predict();
    }

    /// <summary>What a measurement of the state would have as variance; the noise goes with the size predicted.</summary>
    /// <param name="noise">Share of the usual variance of a measurement.</param>
    public Vector256<double> InnovationVariance(in BoxState state, double noise = 1) =>
        state.ValueVariance + noise * Squared(_measurementDeviation * Scale(state.Value));

    /// <summary>Takes in a measurement of the frame that was predicted.</summary>
    /// <param name="noise">Share of the usual variance of a measurement.</param>
    public void Update(ref BoxState state, Vector256<double> measurement, double noise = 1)
    {
        if (!state.Pair.IsZero)
        {
            PairCovariance.Update(ref state, measurement, noise * Squared(_measurementDeviation * Scale(state.Value)));
            return;
        }

        var variance = InnovationVariance(in state, noise);
        var valueGain = state.ValueVariance / variance;
        var velocityGain = state.Covariance / variance;
        var innovation = measurement - state.Value;
        state.Value += innovation * valueGain;
        state.Velocity += innovation * velocityGain;
        state.VelocityVariance -= velocityGain * state.Covariance;
        state.Covariance -= valueGain * state.Covariance;
        state.ValueVariance -= valueGain * state.ValueVariance;
    }

    /// <summary>
    /// Puts a state into the coordinates after a motion of the camera: with its linear part M and its shift, the centre by both, the centre's
    /// velocity by M (Aharon et al. 2022, section 3.2; Maggiolino et al. 2023, section 3.2). Width, height and their velocities go by M with the
    /// absolute values of its elements, as the reference's recordings have it: sizes grow with any turn. Where the ratio is counted it stays, and the
    /// height goes by the scale.
    /// </summary>
    public void Move(ref BoxState state, AffineMotion motion)
    {
        var own = _hasAspect
            ? Vector256.Create(motion.A, motion.D, 1, motion.Scale)
            : Vector256.Create(motion.A, motion.D, Math.Abs(motion.A), Math.Abs(motion.D));
        var other = _hasAspect
            ? Vector256.Create(motion.B, motion.C, 0, 0)
            : Vector256.Create(motion.B, motion.C, Math.Abs(motion.B), Math.Abs(motion.C));
        PairCovariance.Apply(own, other, ref state);
        state.Value += Vector256.Create(motion.Tx, motion.Ty, 0, 0);
    }

    /// <summary>A box, frame pixels, as this filter counts.</summary>
    public Vector256<double> Measure(Box box)
    {
        double width = box.Width;
        double height = box.Height;
        return Vector256.Create(box.X1 + width / 2, box.Y1 + height / 2, _hasAspect ? width / height : width, height);
    }

    /// <summary>The state's box, frame pixels, not clipped.</summary>
    public Box ToBox(in BoxState state)
    {
        var height = state.Value.GetElement(3);
        var width = _hasAspect ? state.Value.GetElement(2) * height : state.Value.GetElement(2);
        var left = state.Value.GetElement(0) - width / 2;
        var top = state.Value.GetElement(1) - height / 2;
        return new Box((float)left, (float)top, (float)(left + width), (float)(top + height));
    }

    /// <summary>Stops growth and shrinkage: of the height, and of the width where it is counted by itself.</summary>
    public void HoldSize(ref BoxState state)
    {
        var velocity = state.Velocity.WithElement(3, 0);
        state.Velocity = _hasAspect ? velocity : velocity.WithElement(2, 0);
    }

    private static Vector256<double> Squared(Vector256<double> value) => value * value;

    private Vector256<double> WithAspect(Vector256<double> deviation, double ofAspect) =>
        _hasAspect ? deviation.WithElement(2, ofAspect) : deviation;

    private Vector256<double> Scale(Vector256<double> value)
    {
        var height = value.GetElement(3);
        if (_hasAspect)
        {
            return Vector256.Create(height, height, 1, height);
        }

        var width = value.GetElement(2);
        return Vector256.Create(width, height, width, height);
    }
}
