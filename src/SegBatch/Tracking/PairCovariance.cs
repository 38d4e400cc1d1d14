using System.Runtime.Intrinsics;

namespace SegBatch.Tracking;

/// <summary>
/// Covariances between the two coordinates of a pair (x with y, width with height), which a turn of the camera brings about; all 0 until then. Element i
/// belongs to coordinate i and its partner. With the blocks of <see cref="BoxState"/> these are all elements of the 8 × 8 covariance that can differ from 0.
/// </summary>
internal struct PairCovariance
{
    /// <summary>Value and partner's value.</summary>
    public Vector256<double> Value;

    /// <summary>Value and partner's velocity.</summary>
    public Vector256<double> Mixed;

    /// <summary>Velocity and partner's velocity.</summary>
    public Vector256<double> Velocity;

    /// <summary>Whether coordinates are still independent.</summary>
    public readonly bool IsZero => (Value | Mixed | Velocity) == Vector256<double>.Zero;

    /// <summary>Each coordinate's partner in its place.</summary>
    public static Vector256<double> Partner(Vector256<double> value) => Vector256.Shuffle(value, Vector256.Create(1L, 0, 3, 2));

    /// <summary>One frame at constant velocity.</summary>
    public void Predict()
    {
        Value += Mixed + Partner(Mixed) + Velocity;
        Mixed += Velocity;
    }

    /// <summary>
    /// Mean x and covariance P after a linear map N of the pairs, the same for values and velocities: N · x and N · P · Nᵀ.
    /// </summary>
    /// <param name="own">Per coordinate: what it counts for itself.</param>
    /// <param name="other">Per coordinate: what its partner counts for it.</param>
    public static void Apply(Vector256<double> own, Vector256<double> other, ref BoxState state)
    {
        var (ownOfPartner, otherOfPartner) = (Partner(own), Partner(other));
        state.Value = own * state.Value + other * Partner(state.Value);
        state.Velocity = own * state.Velocity + other * Partner(state.Velocity);

        // Rows of N: (own, other) of the coordinate itself, (ownOfPartner, otherOfPartner) of the one beside it.
        var pair = state.Pair;
        var (variance, mixed) = (state.ValueVariance, pair.Mixed);
        var mixedOfPartner = Partner(mixed);
        state.ValueVariance = own * own * variance + 2 * own * other * pair.Value + other * other * Partner(variance);
        state.Pair.Value =
            (own * ownOfPartner + other * otherOfPartner) * pair.Value
            + own * otherOfPartner * variance
            + other * ownOfPartner * Partner(variance);

        var covariance = state.Covariance;
        state.Covariance = own * own * covariance + own * other * (mixed + mixedOfPartner) + other * other * Partner(covariance);
        state.Pair.Mixed =
            own * ownOfPartner * mixed
            + own * otherOfPartner * covariance
            + other * ownOfPartner * Partner(covariance)
            + other * otherOfPartner * mixedOfPartner;

        variance = state.VelocityVariance;
        state.VelocityVariance = own * own * variance + 2 * own * other * pair.Velocity + other * other * Partner(variance);
        state.Pair.Velocity =
            (own * ownOfPartner + other * otherOfPartner) * pair.Velocity
            + own * otherOfPartner * variance
            + other * ownOfPartner * Partner(variance);
    }

    /// <summary>A Kalman update where the coordinates of a pair are not independent: the gain takes the inverse of a 2 × 2 innovation covariance.</summary>
    /// <param name="measurementVariance">Per coordinate; between coordinates there is none.</param>
    public static void Update(ref BoxState state, Vector256<double> measurement, Vector256<double> measurementVariance)
    {
        var pair = state.Pair;
        var (valueVariance, covariance) = (state.ValueVariance, state.Covariance);
        var mixedOfPartner = Partner(pair.Mixed); // partner's value and own velocity
        var innovationVariance = valueVariance + measurementVariance;
        var ofPartner = Partner(innovationVariance);
        var determinant = innovationVariance * ofPartner - pair.Value * pair.Value;

        // Gains of a coordinate from its own innovation, and from its partner's.
        var valueOwn = (valueVariance * ofPartner - pair.Value * pair.Value) / determinant;
        var valueOther = (pair.Value * innovationVariance - valueVariance * pair.Value) / determinant;
        var velocityOwn = (covariance * ofPartner - mixedOfPartner * pair.Value) / determinant;
        var velocityOther = (mixedOfPartner * innovationVariance - covariance * pair.Value) / determinant;

        var innovation = measurement - state.Value;
        state.Value += valueOwn * innovation + valueOther * Partner(innovation);
        state.Velocity += velocityOwn * innovation + velocityOther * Partner(innovation);
        state.VelocityVariance -= velocityOwn * covariance + velocityOther * mixedOfPartner;
        state.Pair.Velocity -= velocityOwn * pair.Mixed + velocityOther * Partner(covariance);
        state.Covariance -= valueOwn * covariance + valueOther * mixedOfPartner;
        state.Pair.Mixed -= valueOwn * pair.Mixed + valueOther * Partner(covariance);
        state.ValueVariance -= valueOwn * valueVariance + valueOther * pair.Value;
        state.Pair.Value -= valueOwn * pair.Value + valueOther * Partner(valueVariance);
    }
}
