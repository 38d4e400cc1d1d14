using SegBatch.Geometry;
using SegBatch.Masks;
using Xunit;

namespace SegBatch.Tests.Masks;

/// <summary>Runs of labels, their masks and connected regions, against a bitmap and a flood fill.</summary>
public class ConnectedRegionsTests
{
    [Fact]
    public void Regions_touch_by_corners_and_by_nothing_less()
    {
        var runs = Of(
            """
            a.a..b
            .a...b
            ..b.a.
            aa.b.a
            """
        );
        var regions = new ConnectedRegions();

        Assert.Equal(5, regions.Find(runs));
        Assert.Equal(["a0,0 a1,1 a2,0", "a0,3 a1,3", "b2,2 b3,3", "a4,2 a5,3", "b5,0 b5,1"], Pixels(runs, regions));
    }

    [Fact]
    public void Regions_and_masks_are_those_of_a_flood_fill()
    {
        var random = new Random(5);
        var (runs, regions, groups, buffer) = (new LabelRuns(), new ConnectedRegions(), new RunGroups(), new RunBuffer());
        using var _ = buffer;
        for (var round = 0; round < 300; round++)
        {
            var size = new FrameSize(random.Next(1, 50), random.Next(1, 60));
            var labels = Blobs(random, size, classes: random.Next(1, 4));
            Fill(runs, labels, size);
            var flooded = Flood(labels, size);

            var count = regions.Find(runs);
            Assert.Equal(flooded.DefaultIfEmpty(-1).Max() + 1, count);
            groups.Sort(regions.RegionOfRun, count);
            for (var region = 0; region < count; region++)
            {
                var mask = groups.Append(region, runs, buffer);
                mask.Validate();
                var bitmap = new byte[size.Area];
                mask.ToBitmap(bitmap);
                var number = flooded[Array.IndexOf(bitmap, (byte)1)];
                Assert.Equal(flooded.Select(other => other == number ? (byte)1 : (byte)0), bitmap);
                Assert.Equal(mask.Bounds, groups.Bounds(region, runs));
                Assert.Equal(mask.Area, groups.Area(region, runs));
                Assert.Equal(RleMask.FromBitmap(bitmap, size).Counts.ToArray(), mask.Counts.ToArray());
            }

            buffer.Clear();
        }
    }

    [Fact]
    public void A_column_of_another_height_is_refused()
    {
        var runs = new LabelRuns();
        runs.Begin(new FrameSize(1, 3));
        Assert.Throws<ArgumentException>(() => runs.AddColumn([1, 1]));
        runs.AddColumn([1, 1, 1]);
        Assert.Throws<ArgumentException>(() => runs.AddColumn([1, 1, 1]));
    }

    /// <summary>Labels with structure: every pixel takes a neighbour's label, mostly.</summary>
    private static ushort[] Blobs(Random random, FrameSize size, int classes)
    {
        var labels = new ushort[size.Area];
        for (var i = 0; i < labels.Length; i++)
        {
            var from = random.Next(10) switch
            {
                < 4 when i % size.Width > 0 => i - 1,
                < 8 when i >= size.Width => i - size.Width,
                _ => -1,
            };
            labels[i] =
                from >= 0 ? labels[from]
                : random.Next(3) == 0 ? LabelRuns.Nothing
                : (ushort)random.Next(classes);
        }

        return labels;
    }

    private static void Fill(LabelRuns runs, ushort[] labels, FrameSize size)
    {
        runs.Begin(size);
        var column = new ushort[size.Height];
        for (var x = 0; x < size.Width; x++)
        {
            for (var y = 0; y < size.Height; y++)
            {
                column[y] = labels[(y * size.Width) + x];
            }

            runs.AddColumn(column);
        }
    }

    /// <summary>Number of each pixel's region, 8 neighbours; -1 for nothing.</summary>
    private static int[] Flood(ushort[] labels, FrameSize size)
    {
        var region = new int[labels.Length];
        Array.Fill(region, -1);
        var regions = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] == LabelRuns.Nothing || region[i] >= 0)
            {
                continue;
            }

            var open = new Stack<int>([i]);
            region[i] = regions;
            while (open.TryPop(out var at))
            {
                var (x, y) = (at % size.Width, at / size.Width);
                for (var v = Math.Max(0, y - 1); v <= Math.Min(size.Height - 1, y + 1); v++)
                {
                    for (var u = Math.Max(0, x - 1); u <= Math.Min(size.Width - 1, x + 1); u++)
                    {
                        var next = (v * size.Width) + u;
                        if (region[next] < 0 && labels[next] == labels[i])
                        {
                            region[next] = regions;
                            open.Push(next);
                        }
                    }
                }
            }

            regions++;
        }

        return region;
    }

    private static LabelRuns Of(string picture)
    {
        var rows = picture.Split('\n', StringSplitOptions.TrimEntries);
        var size = new FrameSize(rows[0].Length, rows.Length);
        var runs = new LabelRuns();
        Fill(runs, [.. rows.SelectMany(row => row.Select(c => c == '.' ? LabelRuns.Nothing : (ushort)c))], size);
        return runs;
    }

    /// <summary>The pixels of each region in words, in the order of regions.</summary>
    private static IEnumerable<string> Pixels(LabelRuns runs, ConnectedRegions regions)
    {
        var pixels = new SortedDictionary<int, List<string>>();
        for (var i = 0; i < runs.Runs.Length; i++)
        {
            var run = runs.Runs[i];
            pixels.TryAdd(regions.RegionOfRun[i], []);
            pixels[regions.RegionOfRun[i]]
                .AddRange(Enumerable.Range(run.Top, run.Length).Select(y => $"{(char)run.Label}{run.Column},{y}"));
        }

        return pixels.Values.Select(words => string.Join(' ', words.Order(StringComparer.Ordinal)));
    }
}
