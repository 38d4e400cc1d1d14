namespace SegBatch.Benchmarks.Baselines;

/// <summary>The constant-velocity filter of SORT's descendants over centre x, centre y, width / height, height, with its matrices written out.</summary>
internal sealed class PlainKalman
{
    private const double ValueWeight = 1.0 / 20;
    private const double VelocityWeight = 1.0 / 160;

    private double[,] _covariance;

    public PlainKalman(double[] measurement)
    {
        Mean = [.. measurement, 0, 0, 0, 0];
        _covariance = Diagonal(2 * ValueWeight, 1e-2, 10 * VelocityWeight, 1e-5);
    }

    public double[] Mean { get; private set; }

    public void Predict()
    {
        var noise = Diagonal(ValueWeight, 1e-2, VelocityWeight, 1e-5);
        var step = new double[8, 8];
        for (var i = 0; i < 8; i++)
        {
            step[i, i] = 1;
            if (i < 4)
            {
                step[i, i + 4] = 1;
            }
        }

        _covariance = Add(Multiply(Multiply(step, _covariance), Transpose(step)), noise, 1);
        Mean = [.. Enumerable.Range(0, 8).Select(i => Mean[i] + (i < 4 ? Mean[i + 4] : 0))];
    }

    public void Update(double[] measurement)
    {
        var observe = new double[4, 8];
        for (var i = 0; i < 4; i++)
        {
            observe[i, i] = 1;
        }

        var innovation = Add(Multiply(Multiply(observe, _covariance), Transpose(observe)), Diagonal(ValueWeight, 1e-1, 0, 0), 1);
        var gain = Multiply(Multiply(_covariance, Transpose(observe)), Inverse(innovation));
        for (var i = 0; i < 4; i++)
        {
            measurement[i] -= Mean[i];
        }

        for (var i = 0; i < 8; i++)
        {
            for (var j = 0; j < 4; j++)
            {
                Mean[i] += gain[i, j] * measurement[j];
            }
        }

        _covariance = Add(_covariance, Multiply(Multiply(gain, innovation), Transpose(gain)), -1);
    }

    private double[,] Diagonal(double value, double aspect, double velocity, double aspectVelocity)
    {
        var height = Mean[3];
        double[] deviations =
        [
            value * height,
            value * height,
            aspect,
            value * height,
            velocity * height,
            velocity * height,
            aspectVelocity,
            velocity * height,
        ];
        var matrix = new double[8, 8];
        for (var i = 0; i < 8; i++)
        {
            matrix[i, i] = deviations[i] * deviations[i];
        }

        return matrix;
    }

    /// <summary>a + factor · b, of a's size.</summary>
    private static double[,] Add(double[,] a, double[,] b, double factor)
    {
        var sum = new double[a.GetLength(0), a.GetLength(1)];
        for (var i = 0; i < sum.GetLength(0); i++)
        {
            for (var j = 0; j < sum.GetLength(1); j++)
            {
                sum[i, j] = a[i, j] + factor * b[i, j];
            }
        }

        return sum;
    }

    private static double[,] Multiply(double[,] a, double[,] b)
    {
        var product = new double[a.GetLength(0), b.GetLength(1)];
        for (var i = 0; i < product.GetLength(0); i++)
        {
            for (var j = 0; j < product.GetLength(1); j++)
            {
                for (var k = 0; k < a.GetLength(1); k++)
                {
                    product[i, j] += a[i, k] * b[k, j];
                }
            }
        }

        return product;
    }

    private static double[,] Transpose(double[,] a)
    {
        var result = new double[a.GetLength(1), a.GetLength(0)];
        for (var i = 0; i < result.GetLength(0); i++)
        {
            for (var j = 0; j < result.GetLength(1); j++)
            {
                result[i, j] = a[j, i];
            }
        }

        return result;
    }

    /// <summary>Gauss-Jordan without pivoting: the matrix is positive definite.</summary>
    private static double[,] Inverse(double[,] matrix)
    {
        var (a, size) = ((double[,])matrix.Clone(), matrix.GetLength(0));
        var inverse = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            inverse[i, i] = 1;
        }

        for (var i = 0; i < size; i++)
        {
            var pivot = a[i, i];
            for (var j = 0; j < size; j++)
            {
                (a[i, j], inverse[i, j]) = (a[i, j] / pivot, inverse[i, j] / pivot);
            }

            for (var row = 0; row < size; row++)
            {
                var factor = row == i ? 0 : a[row, i];
                for (var j = 0; j < size; j++)
                {
                    (a[row, j], inverse[row, j]) = (a[row, j] - factor * a[i, j], inverse[row, j] - factor * inverse[i, j]);
                }
            }
        }

        return inverse;
    }
}
