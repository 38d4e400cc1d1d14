namespace SegBatch.Quantization;

/// <summary>
/// Counts the values of one tensor over many pictures. The bins lie symmetrically around 0 and grow with the values, so one pass over the
/// pictures is enough.
/// </summary>
internal sealed class ActivationHistogram
{
    private const int Half = 4096;

    /// <summary>Every n-th value of large tensors: prime to their widths, so no column is preferred.</summary>
    private const int SampleStep = 7;
    private const int SmallTensor = 1 << 15;

    private readonly long[] _bins = new long[2 * Half];
    private float _reach;

    public float Min { get; private set; }

    public float Max { get; private set; }

    /// <summary>Bins that hold something: centre of each, in the tensor's own unit, and how many values lie in it.</summary>
    public IEnumerable<(float Center, long Count)> Bins()
    {
        for (var i = 0; i < _bins.Length; i++)
        {
            if (_bins[i] > 0)
            {
                yield return (Math.Clamp((i - Half + 0.5f) * _reach / Half, Min, Max), _bins[i]);
            }
        }
    }

    /// <exception cref="ArgumentException">A value is not finite: no range could hold it.</exception>
    public void Add(ReadOnlySpan<float> values)
    {
        var (min, max, sum) = (Min, Max, 0f);
        foreach (var value in values)
        {
            min = MathF.Min(min, value);
            max = MathF.Max(max, value);
            sum += value * 0; // turns into "not a number" with the first value that is not finite
        }

        if (sum != 0)
        {
            throw new ArgumentException("The tensor holds values that are not finite numbers.", nameof(values));
        }

        (Min, Max) = (min, max);
        Widen(MathF.Max(max, -min));
        if (_reach == 0)
        {
            return;
        }

        var perUnit = Half / _reach;
        var step = values.Length > SmallTensor ? SampleStep : 1;
        for (var i = 0; i < values.Length; i += step)
        {
            var bin = (int)MathF.Floor(values[i] * perUnit) + Half;
            _bins[Math.Clamp(bin, 0, _bins.Length - 1)]++;
        }
    }

    /// <summary>Doubles the reach until it covers a magnitude; two neighbouring bins become one each time.</summary>
    private void Widen(float magnitude)
    {
        if (_reach == 0 && magnitude > 0)
        {
            _reach = MathF.ScaleB(1, MathF.ILogB(magnitude) + 1);
        }

        while (_reach > 0 && _reach < magnitude)
        {
            _reach *= 2;
            for (var i = 0; i < Half / 2; i++)
            {
                var above = Half + i;
                var below = Half - 1 - i;
                _bins[above] = _bins[Half + (2 * i)] + _bins[Half + (2 * i) + 1];
                _bins[below] = _bins[Half - 1 - (2 * i)] + _bins[Half - 2 - (2 * i)];
            }

            _bins.AsSpan(0, Half / 2).Clear();
            _bins.AsSpan(Half + (Half / 2)).Clear();
        }
    }
}
