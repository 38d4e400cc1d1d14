using SegBatch.Native.DuckDb;
using SegBatch.Output;
using Xunit;

namespace SegBatch.IntegrationTests.Output;

public sealed class TablesWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-tables-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Rows_come_back_as_they_were_written()
    {
        var files = Write(_folder, 200);

        Assert.Equal(
            ["frames/gate.parquet", "instances/gate.parquet", "_segbatch/candidates/gate.parquet", "tracks/gate.parquet"],
            files.Select(file => file.RelativePath)
        );
        Assert.Equal("200", Ask("select count(*)::varchar from frames"));
        Assert.Equal("300", Ask("select count(*)::varchar from instances")); // 0 + 1 + 2 + 3 in every four frames
        Assert.Equal("200", Ask("select count(*)::varchar from candidates"));
        Assert.Equal(
            "gate|7|3584|1|5120|0.7|100|50|3|false|false|NULL",
            Ask(
                "select concat_ws('|', video, frame, pts, time_base_num, time_base_den, time_s, width, height, instances, corrupt, pts_synthesised, coalesce(file, 'NULL')) from frames where frame = 7"
            )
        );
        Assert.Equal(
            "gate|7|3584|0.7|1|2|1|it's a \"car\", or not|0.8|7.0|10.0|8.0|20.0|7.0|1.0|7.5|2.0|50|100|10|7.5|15.0|detected",
            Ask(
                """
                select concat_ws('|', video, frame, pts, time_s, instance, track_id, class_id, class_name, score, x1, y1, x2, y2,
                track_x1, track_y1, track_x2, track_y2, mask_height, mask_width, mask_area, centroid_x, centroid_y, source)
                from instances where frame = 7 and instance = 1
                """
            )
        );
        Assert.Equal("3", Ask("select frame::varchar from frames where corrupt"));
        Assert.Equal("50", Ask("select count(*)::varchar from instances where track_id is null and track_x1 is null"));
        Assert.Equal("0.2|3", Ask("select concat_ws('|', score, instance) from candidates where frame = 7"));
    }

    [Fact]
    public void Masks_decode_to_the_stated_area()
    {
        Write(_folder, 120);

        using var rows = Open("select mask_rle, mask_area, mask_width * mask_height from instances");
        while (rows.NextChunk())
        {
            for (var row = 0; row < rows.Rows; row++)
            {
                var counts = SegBatch.Masks.CocoRle.Decode(rows.Utf8(0, row));
                Assert.Equal(rows.Value<long>(1, row), counts.Where((_, i) => i % 2 == 1).Sum());
                Assert.Equal(rows.Value<int>(2, row), counts.Sum());
            }
        }
    }

    [Fact]
    public void Tracks_sum_up_the_instances()
    {
        Write(_folder, 200);

        // Computed by SQL from the instances, independent of the summary's own arithmetic.
        Assert.Equal(
            Ask(
                """
                select string_agg(concat_ws('|', track_id, f, l, n, round(s, 9), round(m, 6), a), ' ' order by track_id) from (select track_id,
                min(frame) f, max(frame) l, count(*) n, avg(score::double) s, max(score) m, avg(mask_area) a from instances
                where track_id is not null group by track_id)
                """
            ),
            Ask(
                "select string_agg(concat_ws('|', track_id, first_frame, last_frame, frames, round(mean_score, 9), round(max_score, 6), mean_area), ' ' order by track_id) from tracks"
            )
        );
        // Track 1 is in frames 1 2 3, 5 6 7, …: 50 stretches. The bar moves one pixel per frame and jumps back at 100.
        Assert.Equal("49", Ask("select gaps::varchar from tracks where track_id = 1"));
        Assert.Equal("98.0", Ask("select displacement_px::varchar from tracks where track_id = 1"));
    }

    [Fact]
    public void Columns_have_the_documented_names_and_types()
    {
        Write(_folder, 5);

        foreach (
            var (table, columns) in new[]
            {
                ("frames", SegBatch.Tables.Schema.Frames.Columns),
                ("instances", SegBatch.Tables.Schema.Instances.Columns),
                ("candidates", SegBatch.Tables.Schema.Candidates.Columns),
                ("tracks", SegBatch.Tables.Schema.Tracks.Columns),
            }
        )
        {
            Assert.Equal(
                string.Join(", ", columns.Select(column => $"{column.Name} {column.Type}")),
                Ask($"select string_agg(concat_ws(' ', column_name, column_type), ', ') from (describe {table})")
            );
        }
    }

    [Fact]
    public void Files_are_zstd_sorted_and_carry_their_origin()
    {
        Write(_folder, 3000);

        Assert.Equal("ZSTD", Ask($"select string_agg(distinct compression, ',') from parquet_metadata('{_folder}/instances.parquet')"));
        Assert.Equal(
            "0",
            Ask(
                $"select count(*)::varchar from (select frame, instance, lag(frame) over (order by file_row_number) as f, lag(instance) over (order by file_row_number) as i from read_parquet('{_folder}/instances.parquet', file_row_number = true)) where f is not null and (frame, instance) <= (f, i)"
            )
        );
        Assert.Equal(
            """
            segbatch.model_sha256=abc123
            segbatch.options={"detect":{"conf":0.25},"note":"it's"}
            segbatch.schema_version=1
            segbatch.video=gate
            segbatch.video_path=/archive/it's here/gate.mp4
            """,
            Ask(
                $"select string_agg(decode(key) || '=' || decode(value), chr(10) order by decode(key)) from parquet_kv_metadata('{_folder}/tracks.parquet')"
            )
        );
    }

    [Fact]
    public void The_same_frames_give_the_same_bytes_also_when_written_at_the_same_time()
    {
        var alone = Write(Directory.CreateDirectory(Path.Combine(_folder, "alone")).FullName, 5000);
        var together = new IReadOnlyList<StagedFile>[4];

        Parallel.For(0, 4, i => together[i] = Write(Directory.CreateDirectory(Path.Combine(_folder, $"{i}")).FullName, 5000));

        foreach (var files in together)
        {
            foreach (var (one, other) in alone.Zip(files))
            {
                Assert.Equal(File.ReadAllBytes(one.StagedPath), File.ReadAllBytes(other.StagedPath));
            }
        }
    }

    [Fact]
    public void A_video_in_which_nothing_was_found_has_all_its_tables()
    {
        using var writer = new TablesWriter(_folder, "gate", TestFrames.Context);
        writer.Finish();

        foreach (var table in new[] { "frames", "instances", "tracks", "candidates" })
        {
            Assert.Equal("0", Ask($"select count(*)::varchar from {table}"));
        }
    }

    [Fact]
    public void What_is_not_finished_leaves_nothing()
    {
        using (var writer = new TablesWriter(_folder, "gate", TestFrames.Context))
        {
            TestFrames.WriteTo(writer.Write, 5000);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named_with_the_reason()
    {
        using var writer = new TablesWriter(Path.Combine(_folder, "absent"), "gate", TestFrames.Context);

        var error = Assert.Throws<IOException>(() => TestFrames.WriteTo(writer.Write, 100_000));

        Assert.Contains("absent/frames.parquet", error.Message, StringComparison.Ordinal);
        Assert.Contains("No such file or directory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Candidates_are_left_out_when_they_are_not_wanted()
    {
        using var writer = new TablesWriter(_folder, "gate", TestFrames.Context with { WriteCandidates = false });
        TestFrames.WriteTo(writer.Write, 10);

        Assert.Equal(
            ["frames/gate.parquet", "instances/gate.parquet", "tracks/gate.parquet"],
            writer.Finish().Select(file => file.RelativePath)
        );
    }

    [Fact]
    public void Totals_count_what_was_written()
    {
        using var writer = new TablesWriter(_folder, "gate", TestFrames.Context);
        TestFrames.WriteTo(writer.Write, 40);
        writer.Finish();
        var totals = writer.Totals;

        Assert.Equal((40, 60, 2, 1), (totals.Frames, totals.Instances, totals.Tracks, totals.CorruptFrames));
        Assert.Equal((40, 1), totals.Classes["person"]); // objects 0 and 2: 30 + 10
        Assert.Equal((20, 1), totals.Classes["it's a \"car\", or not"]);
    }

    private static IReadOnlyList<StagedFile> Write(string folder, int frames)
    {
        using var writer = new TablesWriter(folder, "gate", TestFrames.Context);
        TestFrames.WriteTo(writer.Write, frames);
        return writer.Finish();
    }

    private string? Ask(string sql)
    {
        using var rows = Open(sql);
        Assert.True(rows.NextChunk());
        return rows.Text(0, 0);
    }

    /// <summary>Not through the query verb: a plain DuckDB that reads the staged files.</summary>
    private DuckDbResult Open(string sql)
    {
        var database = DuckDbDatabase.InMemory(2);
        var connection = database.Connect();
        foreach (var file in Directory.EnumerateFiles(_folder, "*.parquet"))
        {
            connection.Execute($"CREATE VIEW {Path.GetFileNameWithoutExtension(file)} AS FROM '{file}'");
        }

        return connection.Query(sql);
    }
}
