using SegBatch.Geometry;
using SegBatch.Masks;
using SegBatch.Native.DuckDb;
using SegBatch.Output;
using SegBatch.Stitching;
using SegBatch.Tables;
using Xunit;

namespace SegBatch.IntegrationTests.Stitching;

/// <summary>The offline pass over real Parquet files of a made-up video: 40 frames of 200 × 100, 10 a second, every third one read.</summary>
public sealed class OfflineTablesTests : IDisposable
{
    private const int Frames = 40;

    private static readonly FrameSize s_size = new(200, 100);
    private static readonly TableContext s_context = new()
    {
        Conf = 0.25f,
        ClassNames = ["person", "car"],
        VideoPath = "/archive/gate.mp4",
        ModelSha256 = "abc",
        OptionsJson = "{}",
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-off[line]-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Tables_hold_what_was_found_by_looking_back()
    {
        Write(Scene);
        var report = Apply();

        Assert.Equal((1, 2, 1), (report.Stitched, report.Dissolved, report.Given));
        Assert.Equal("1 5 8", Ask("select string_agg(track_id, ' ' order by track_id) from tracks"));

        // 1 and 2 are one, with the weak detection of frame 14 and four rows made up around it: numbers behind the frame's detections.
        Assert.Equal(
            "36:interpolated 39:interpolated 42:detected 45:interpolated 48:interpolated",
            Ask(
                "select string_agg(frame || ':' || source, ' ' order by frame) from instances where track_id = 1 and frame between 36 and 48"
            )
        );
        Assert.Equal("42.0|0.12", Ask("select concat_ws('|', x1 + 0.0, score) from instances where track_id = 1 and frame = 42"));
        Assert.Equal(
            "true",
            Ask("select bool_and(score is null and track_x1 = x1 and class_name = 'person') from instances where source = 'interpolated'")
        );

        // The object moves by 1 pixel per source frame: its box and mask are where it was not seen.
        Assert.Equal(
            "0",
            Ask("select count(*) from instances where track_id = 1 and (abs(x1 - frame) > 0.001 or abs(centroid_x - frame - 10) > 0.51)")
        );
        Assert.Equal("0", Ask("select count(*) from instances where track_id = 1 and mask_area not between 380 and 420"));

        // Dissolved: the strong one stays a row, the weak one goes to where weak ones are.
        Assert.Equal(
            "15|true",
            Ask("select concat_ws('|', frame, track_x1 is null) from instances where score = 0.91::float and track_id is null")
        );
        Assert.Equal("18", Ask("select string_agg(frame, ' ') from candidates where score = 0.21::float"));

        // Track 5 stands behind 8 while it is not seen: masks are of what is seen.
        Assert.Equal("0", Ask("select count(*) from instances where track_id = 5 and source = 'interpolated'"));
        Assert.Equal("1", Ask("select gaps from tracks where track_id = 5"));
        Assert.Equal($"{report.Interpolated}", Ask("select count(*) from instances where source = 'interpolated'"));
    }

    [Fact]
    public void The_tables_agree_with_each_other()
    {
        Write(Scene);
        var report = Apply();
        Assert.Equal(
            "0",
            Ask("select count(*) from frames f where instances <> (select count(*) from instances i where i.frame = f.frame)")
        );
        Assert.Equal(
            "0",
            Ask(
                "select count(*) from (select frame, instance from (from instances select frame, instance union all from candidates select frame, instance) group by all having count(*) > 1)"
            )
        );
        Assert.Equal(
            "0",
            Ask("select count(*) from (select frame, track_id from instances where track_id is not null group by all having count(*) > 1)")
        );
        Assert.Equal(
            Ask(
                "select string_agg(t, ' ' order by t) from (select concat_ws('|', track_id, count(*), min(frame), max(frame), round(avg(score::double), 6), round(max(score), 6)) t from instances where track_id is not null group by track_id)"
            ),
            Ask(
                "select string_agg(t, ' ' order by t) from (select concat_ws('|', track_id, frames, first_frame, last_frame, round(mean_score, 6), round(max_score, 6)) t from tracks)"
            )
        );
        Assert.Equal(
            $"{report.Totals.Instances}|{report.Totals.Tracks}|{report.Totals.Frames}",
            Ask("select concat_ws('|', (select count(*) from instances), (select count(*) from tracks), (select count(*) from frames))")
        );
        Assert.Equal("2.5", Ask("select motion_tx from read_parquet('evidence.parquet') where frame = 9"));
    }

    [Fact]
    public void A_second_pass_writes_the_same_bytes()
    {
        Write(Scene);
        Apply();
        var first = Bytes();
        var report = Apply();
        Assert.Equal((0L, 0L, 0L), (report.Stitched, report.Dissolved, report.Given));
        Assert.Equal(5, first.Count);
        Assert.Equal(first, Bytes());
    }

    [Fact]
    public void An_empty_video_and_one_without_tracks_keep_their_bytes()
    {
        Write(_ => []);
        var empty = Bytes();
        Apply();
        Assert.Equal(empty, Bytes());

        Write(frame => [(null, 0, 0.3f, new Box(frame, 0, frame + 9, 9), 0)]);
        var untracked = Bytes();
        Apply();
        Assert.Equal(untracked, Bytes());
    }

    [Fact]
    public void A_stop_leaves_the_tables_as_they_are()
    {
        Write(Scene);
        var before = Bytes();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            OfflineTables.Apply(_folder, "gate", s_context, 0.1f, new OfflineOptions(), new CancellationToken(canceled: true))
        );
        Assert.Equal(before, Bytes());
    }

    /// <summary>What there is in a frame: online track, number, score, box, class.</summary>
    private static IEnumerable<(long?, int, float, Box, int)> Scene(int frame)
    {
        var source = 3 * frame;
        var square = new Box(source, 10, source + 20, 30);
        if (frame is < 12 or > 16)
        {
            yield return (frame < 12 ? 1 : 2, 0, 0.8f, square, frame == 20 ? 1 : 0);
        }
        else if (frame == 14)
        {
            yield return (null, 0, 0.12f, square, 0);
        }

        if (frame == 5)
        {
            yield return (3, 1, 0.91f, new Box(150, 70, 160, 80), 0);
        }

        if (frame == 6)
        {
            yield return (4, 2, 0.21f, new Box(20, 70, 30, 80), 0);
        }

        // 8 stands in front of 5 for a while.
        if (frame is < 10 or > 14)
        {
            yield return (5, 3, 0.7f, new Box(100, 50, 120, 70), 0);
        }

        yield return (8, 4, 0.9f, frame is < 10 or > 14 ? new Box(100, 71, 130, 99) : new Box(95, 45, 125, 75), 0);
    }

    private void Write(Func<int, IEnumerable<(long? Track, int Number, float Score, Box Box, int Class)>> scene)
    {
        using var tables = new VideoTables(_folder, "gate", s_context);
        for (var i = 0; i < Frames; i++)
        {
            var frame = 3 * i;
            var rows = scene(i)
                .Select(item =>
                {
                    var mask = Mask(item.Box);
                    return new InstanceRow(
                        "gate",
                        frame,
                        frame,
                        frame / 10.0,
                        item.Number,
                        item.Track,
                        item.Class,
                        s_context.ClassNames[item.Class],
                        item.Score,
                        item.Box,
                        item.Track is null ? null : item.Box,
                        System.Text.Encoding.ASCII.GetBytes(CocoRle.ToString(mask.Counts.Span)),
                        s_size,
                        mask.Area,
                        ((float)mask.Centroid.X, (float)mask.Centroid.Y),
                        InstanceRow.Detected
                    );
                })
                .ToList();
            InstanceRow[] instances = [.. rows.Where(row => row.TrackId is not null || row.Score >= s_context.Conf)];
            var row = new FrameRow("gate", frame, frame, new Rational(1, 10), frame / 10.0, s_size, instances.Length, i == 4, null);
            tables.Write(row, instances, [.. rows.Except(instances)], new AffineMotion(1, 0, 2.5, 0, 1, 0));
        }

        tables.Finish();
    }

    private static RleMask Mask(Box box)
    {
        var bitmap = new byte[s_size.Area];
        for (var y = (int)box.Y1; y < Math.Min(s_size.Height, box.Y2); y++)
        {
            for (var x = (int)box.X1; x < Math.Min(s_size.Width, box.X2); x++)
            {
                bitmap[y * s_size.Width + x] = 1;
            }
        }

        return RleMask.FromBitmap(bitmap, s_size);
    }

    private OfflineReport Apply() =>
        OfflineTables.Apply(_folder, "gate", s_context, 0.1f, new OfflineOptions { MaxFill = 2 }, TestContext.Current.CancellationToken);

    private Dictionary<string, string> Bytes() =>
        Directory
            .GetFiles(_folder)
            .ToDictionary(
                file => Path.GetFileName(file),
                file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))
            );

    private string Ask(string sql)
    {
        using var database = DuckDbDatabase.InMemory(threads: 1);
        using var connection = database.Connect();
        var folder = _folder.Replace("[", "[[]", StringComparison.Ordinal);
        foreach (var table in (string[])["frames", "instances", "tracks", "candidates"])
        {
            connection.Execute($"create view {table} as from read_parquet('{folder}/{table}.parquet')");
        }

        using var rows = connection.Query(
            $"select ({sql.Replace("'evidence.parquet'", $"'{folder}/evidence.parquet'", StringComparison.Ordinal)})::varchar"
        );
        return rows.NextChunk() ? rows.Text(0, 0) ?? "NULL" : "";
    }
}
