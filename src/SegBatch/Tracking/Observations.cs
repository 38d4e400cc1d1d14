using SegBatch.Geometry;

namespace SegBatch.Tracking;

/// <summary>
/// Where a tracklet was seen in its last frames, and which way it went (observation-centric momentum, Cao et al. 2023, section 4.2).
/// </summary>
/// <param name="age">Frames over which the direction is taken, 1 or more.</param>
internal sealed class Observations(int age)
{
    private readonly (long Frame, Box Box)[] _ring = new (long, Box)[age];
    private int _count;
    private (double X, double Y) _direction;
    private bool _isMoving;
    private bool _isLastInside;

    /// <summary>The box last seen, frame pixels; nowhere when its left edge was outside the frame, which the reference takes for "never".</summary>
    public Box Last => _isLastInside ? Newest : new Box(-1, -1, -1, -1);

    /// <summary>The box last seen, frame pixels.</summary>
    public Box Newest => _ring[(_count - 1) % age].Box;

    /// <summary>Whether there is a last observation, and one before it.</summary>
    public bool HasDirection => _isMoving && _isLastInside;

    /// <summary>Forgets everything but a first observation.</summary>
    public void Start(long frame, Box box)
    {
        (_count, _isMoving) = (0, false);
        Append(frame, box);
    }

    /// <summary>Takes in one more observation. The direction is from the newest one that is old enough, else from the oldest.</summary>
    public void Add(long frame, Box box)
    {
        if (_isLastInside)
        {
            var first = Math.Max(0, _count - age);
            var from = first;
            for (var i = first; i < _count; i++)
            {
                if (_ring[i % age].Frame <= frame - age)
                {
                    from = i;
                }
            }

            (_direction, _isMoving) = (Direction(_ring[from % age].Box, box), true);
        }

        Append(frame, box);
    }

    /// <summary>
    /// Goes with the background, whose points of the frame before lie elsewhere in this one (camera motion compensation, Maggiolino et
    /// al. 2023, section 3.2): centres by the motion, sides by its scale, the direction by its turn.
    /// </summary>
    public void Move(AffineMotion camera)
    {
        for (var i = 0; i < Math.Min(_count, age); i++)
        {
            _ring[i].Box = Moved(_ring[i].Box, camera);
        }

        var (x, y) = _direction;
        _direction = Unit((camera.A * x) + (camera.B * y), (camera.C * x) + (camera.D * y));
    }

    /// <summary>Angle between the direction of motion and the way from the last observation to a box: 0 to π.</summary>
    public double AngleTo(Box box)
    {
        var (x, y) = Direction(Newest, box);
        return Math.Acos(Math.Clamp(x * _direction.X + y * _direction.Y, -1, 1));
    }

    private static (double X, double Y) Direction(Box from, Box to)
    {
        var x = ((double)to.X1 + to.X2 - from.X1 - from.X2) / 2;
        var y = ((double)to.Y1 + to.Y2 - from.Y1 - from.Y2) / 2;
        return Unit(x, y);
    }

    private static (double X, double Y) Unit(double x, double y)
    {
        var length = Math.Sqrt(x * x + y * y) + 1e-6;
        return (x / length, y / length);
    }

    private static Box Moved(Box box, AffineMotion camera)
    {
        var (x, y) = (((double)box.X1 + box.X2) / 2, ((double)box.Y1 + box.Y2) / 2);
        var (toX, toY) = ((camera.A * x) + (camera.B * y) + camera.Tx, (camera.C * x) + (camera.D * y) + camera.Ty);
        var (halfWidth, halfHeight) = (camera.Scale * box.Width / 2, camera.Scale * box.Height / 2);
        return new Box((float)(toX - halfWidth), (float)(toY - halfHeight), (float)(toX + halfWidth), (float)(toY + halfHeight));
    }

    private void Append(long frame, Box box)
    {
        _ring[_count % age] = (frame, box);
        _isLastInside = box.X1 >= 0;
        _count++;
    }
}
