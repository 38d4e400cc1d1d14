using SegBatch.Masks;

namespace SegBatch.Demo;

/// <summary>
/// Draws the frames of a scene, edges smoothed by their distance, and knows exactly which pixel belongs to what: to the nearest
/// shape that holds the pixel's centre. Buffers are reused from frame to frame.
/// </summary>
internal sealed class SceneRasterizer
{
    private readonly DemoScene _scene;
    private readonly byte[] _owners;
    private readonly PixelArea[] _areas;
    private readonly List<int> _counts = [];

    public SceneRasterizer(DemoScene scene)
    {
        _scene = scene;
        _owners = new byte[scene.Size.Area];
        _areas = new PixelArea[scene.Objects.Count];
    }

    private readonly record struct PixelArea(int Left, int Top, int Right, int Bottom);

    /// <summary>Draws the scene as it is at a time.</summary>
    /// <param name="seconds">From the clip's start.</param>
    /// <param name="rgb">Receives width × height × 3 bytes, row by row.</param>
    public void Draw(double seconds, Span<byte> rgb)
    {
        _scene.Background.CopyTo(rgb);
        Array.Clear(_owners);
        for (var i = 0; i < _scene.Objects.Count; i++)
        {
            Draw(i, _scene.Objects[i].At(seconds), rgb);
        }
    }

    /// <summary>The visible part of an object in the frame drawn last; its memory is its own.</summary>
    /// <param name="index">Of the object in the scene.</param>
    public RleMask VisibleMask(int index)
    {
        _counts.Clear();
        var (width, height) = (_scene.Size.Width, _scene.Size.Height);
        var area = _areas[index];
        var written = 0;
        for (var x = area.Left; x < area.Right; x++)
        {
            for (var y = area.Top; y < area.Bottom; y++)
            {
                if (_owners[y * width + x] != index + 1)
                {
                    continue;
                }

                var position = x * height + y;
                if (position == written && _counts.Count > 0)
                {
                    _counts[^1]++;
                }
                else
                {
                    _counts.Add(position - written);
                    _counts.Add(1);
                }

                written = position + 1;
            }
        }

        if (written < width * height)
        {
            _counts.Add(width * height - written);
        }

        return new RleMask(_scene.Size, _counts.ToArray());
    }

    private void Draw(int index, Pose pose, Span<byte> rgb)
    {
        var item = _scene.Objects[index];
        var (shape, size) = (item.Shape, _scene.Size);
        var area = new PixelArea(
            Math.Clamp((int)(pose.X - shape.Reach) - 2, 0, size.Width),
            Math.Clamp((int)(pose.Y - shape.Reach) - 2, 0, size.Height),
            Math.Clamp((int)(pose.X + shape.Reach) + 3, 0, size.Width),
            Math.Clamp((int)(pose.Y + shape.Reach) + 3, 0, size.Height)
        );
        _areas[index] = area;
        var (sin, cos) = Math.SinCos(pose.Angle);
        for (var y = area.Top; y < area.Bottom; y++)
        {
            for (var x = area.Left; x < area.Right; x++)
            {
                var (dx, dy) = (x + 0.5 - pose.X, y + 0.5 - pose.Y);
                var (u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
                var distance = shape.Distance(u, v);
                if (distance >= 0.5)
                {
                    continue;
                }

                if (distance < 0)
                {
                    _owners[y * size.Width + x] = (byte)(index + 1);
                }

                var color = Rgb.Mix(item.Colors.From, item.Colors.To, Math.Clamp(0.5 + 0.5 * v / shape.Radius, 0, 1));
                Blend(rgb.Slice(3 * (y * size.Width + x), 3), color, Math.Min(1, 0.5 - distance));
            }
        }
    }

    private static void Blend(Span<byte> pixel, Rgb color, double cover)
    {
        pixel[0] = (byte)(pixel[0] + (color.R - pixel[0]) * cover + 0.5);
        pixel[1] = (byte)(pixel[1] + (color.G - pixel[1]) * cover + 0.5);
        pixel[2] = (byte)(pixel[2] + (color.B - pixel[2]) * cover + 0.5);
    }
}
