using SegBatch.Demo;
using SegBatch.Geometry;
using Xunit;

namespace SegBatch.Tests.Demo;

public sealed class SceneRasterizerTests
{
    private static readonly FrameSize s_size = new(320, 200);

    [Fact]
    public void A_seed_gives_one_picture()
    {
        Assert.Equal(Draw(seed: 5, seconds: 1.5), Draw(seed: 5, seconds: 1.5));
        Assert.NotEqual(Draw(seed: 5, seconds: 1.5), Draw(seed: 6, seconds: 1.5));
    }

    /// <summary>Each pixel by itself, from the nearest object to the farthest, against the masks made from areas and runs.</summary>
    [Fact]
    public void Visible_masks_hold_the_pixels_whose_centres_lie_in_the_nearest_shape()
    {
        var scene = new DemoScene(s_size, seed: 8, wanderers: 6, crossers: 3);
        var rasterizer = new SceneRasterizer(scene);
        var covered = 0;
        foreach (var seconds in new[] { 0.0, 0.7, 2.9 })
        {
            rasterizer.Draw(seconds, new byte[s_size.Area * 3]);
            var expected = scene.Objects.Select(_ => new byte[s_size.Area]).ToArray();
            for (var pixel = 0; pixel < s_size.Area; pixel++)
            {
                var (x, y) = (pixel % s_size.Width + 0.5, pixel / s_size.Width + 0.5);
                var holders = scene.Objects.Where(item => Holds(item, seconds, x, y)).ToList();
                if (holders.Count > 0)
                {
                    expected[holders[^1].Id - 1][pixel] = 1;
                    covered += holders.Count - 1;
                }
            }

            for (var i = 0; i < expected.Length; i++)
            {
                var mask = rasterizer.VisibleMask(i);
                mask.Validate();
                var bitmap = new byte[s_size.Area];
                mask.ToBitmap(bitmap);
                Assert.Equal(expected[i], bitmap);
            }
        }

        Assert.True(covered > 100, "the scene has too little occlusion to show anything");
    }

    [Theory]
    [InlineData(ShapeKind.Disc)]
    [InlineData(ShapeKind.Square)]
    [InlineData(ShapeKind.Triangle)]
    [InlineData(ShapeKind.Ring)]
    public void Areas_and_reach_are_those_of_the_distance(ShapeKind kind)
    {
        var shape = new Shape(kind, 40, 0.5);
        var (inside, farthest) = (0, 0d);
        for (var x = -80.0; x < 80; x += 0.25)
        {
            for (var y = -80.0; y < 80; y += 0.25)
            {
                if (shape.Distance(x + 0.125, y + 0.125) < 0)
                {
                    inside++;
                    farthest = Math.Max(farthest, Math.Sqrt(x * x + y * y));
                }
            }
        }

        Assert.Equal(shape.Area, inside / 16.0, shape.Area * 0.005);
        Assert.InRange(farthest, 0, shape.Reach + 0.5);
    }

    [Fact]
    public void Crossers_leave_and_come_back()
    {
        var crosser = new DemoScene(s_size, seed: 3, wanderers: 0, crossers: 1).Objects[0];
        var seen = Enumerable
            .Range(0, 300)
            .Select(tick => crosser.At(tick / 25.0).X)
            .Select(x => x > -crosser.Shape.Reach && x < s_size.Width + crosser.Shape.Reach)
            .ToList();
        Assert.True(seen[0]);
        var gone = seen.IndexOf(false);
        Assert.True(gone > 0 && seen.IndexOf(true, gone) > gone);
    }

    [Fact]
    public void Times_and_their_expression_agree()
    {
        var clip = DemoClips.All.Single(clip => clip.Paces.Count > 1);
        Assert.Equal(clip.FrameCount, clip.Times().Count());
        Assert.Equal(
            "if(lt(N,50),0+(N-0)*40,if(lt(N,75),2000+(N-50)*80,if(lt(N,135),4000+(N-75)*20,5200+(N-135)*100)))",
            clip.TimesExpression()
        );
        var times = clip.Times().ToList();
        Assert.Equal([0, 40, 2000, 2080, 4000, 4020, 5200, 5300], new[] { 0, 1, 50, 51, 75, 76, 135, 136 }.Select(frame => times[frame]));
    }

    private static bool Holds(DemoObject item, double seconds, double x, double y)
    {
        var pose = item.At(seconds);
        var (sin, cos) = Math.SinCos(pose.Angle);
        var (dx, dy) = (x - pose.X, y - pose.Y);
        return item.Shape.Distance(dx * cos + dy * sin, dy * cos - dx * sin) < 0;
    }

    private static byte[] Draw(int seed, double seconds)
    {
        var rgb = new byte[s_size.Area * 3];
        new SceneRasterizer(new DemoScene(s_size, seed, wanderers: 3, crossers: 1)).Draw(seconds, rgb);
        return rgb;
    }
}
