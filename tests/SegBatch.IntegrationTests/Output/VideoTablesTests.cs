using SegBatch.Geometry;
using SegBatch.Output;
using SegBatch.Tables;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.IntegrationTests.Output;

/// <summary>What was written to tables comes back from them, frame by frame, and writes the same bytes again.</summary>
public sealed class VideoTablesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-tables-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_frame_comes_back_with_its_detections_in_their_order()
    {
        var files = Write("first", 5000); // several chunks of every table
        using var reader = new VideoTablesReader(files);
        var mapper = new RowMapper("gate", TestFrames.Context);
        var read = new TableFrame();
        for (var f = 0; f < 5000; f++)
        {
            Assert.True(reader.Next(read));
            using var frame = Frame(f);
            mapper.Map(frame);
            Assert.Equal(mapper.Frame, read.Frame);
            Assert.Equal(Motion(f), read.CameraMotion);
            Assert.Equal(frame.Detections.Count, read.Detections.Count);
            var instances = mapper.Instances.ToArray();
            var candidates = mapper.Candidates.ToArray();
            for (var i = 0; i < read.Detections.Count; i++)
            {
                var expected = instances.Concat(candidates).Single(row => row.Instance == i);
                var (row, isInstance) = read.Detections[i];
                Assert.Equal(instances.Contains(expected), isInstance);
                Assert.True(expected.MaskRle.Span.SequenceEqual(row.MaskRle.Span), $"mask {i} of frame {f}");
                Assert.Equal(expected with { MaskRle = default }, row with { MaskRle = default });
            }
        }

        Assert.False(reader.Next(read));
    }

    [Fact]
    public void Folders_that_look_like_partitions_change_no_values()
    {
        using var reader = new VideoTablesReader(Write(Path.Combine("frame=7", "video=yard", "all"), 3));
        var read = new TableFrame();

        Assert.True(reader.Next(read));
        Assert.Equal(("gate", 0L), (read.Frame.Video, read.Frame.Frame));
    }

    [Fact]
    public void Rewritten_without_a_change_the_files_are_the_same()
    {
        var files = Write("first", 3000);
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "second")).FullName;
        using var writer = new VideoTables(folder, "gate", TestFrames.Context);
        using (var reader = new VideoTablesReader(files))
        {
            new TablesRewriter(reader, writer).Run(_ => { }, null, TestContext.Current.CancellationToken);
        }

        var staged = writer.Finish();
        Assert.Equal(5, staged.Count); // evidence among them
        Assert.All(
            staged,
            file =>
                Assert.Equal(
                    File.ReadAllBytes(Path.Combine(_folder, "first", Path.GetFileName(file.StagedPath))),
                    File.ReadAllBytes(file.StagedPath)
                )
        );
        Assert.Equal(
            "_segbatch/evidence/gate.parquet",
            staged.Single(file => file.StagedPath.EndsWith("evidence.parquet", StringComparison.Ordinal)).RelativePath
        );
        Assert.Equal(["person", "it's a \"car\", or not"], writer.ClassNames);
    }

    [Fact]
    public void Masks_may_stay_unread()
    {
        using var reader = new VideoTablesReader(Write("first", 10), masks: false);
        var read = new TableFrame();
        Assert.True(reader.Next(read) && reader.Next(read));
        Assert.Equal([0, 1], read.Detections.Select(detection => detection.Row.Instance));
        Assert.All(read.Detections, detection => Assert.True(detection.Row.MaskRle.IsEmpty && detection.Row.MaskArea == 10));
    }

    [Fact]
    public void Tables_of_two_videos_do_not_pass_for_one()
    {
        var (shorter, longer) = (Write("shorter", 10), Write("longer", 20));
        using var reader = new VideoTablesReader(longer with { Frames = shorter.Frames });
        var read = new TableFrame();
        var error = Assert.Throws<InvalidDataException>(() =>
        {
            while (reader.Next(read)) { }
        });
        Assert.StartsWith("Rows of frame 10 are not where", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named()
    {
        var files = Write("first", 10);
        File.WriteAllText(files.Candidates!, "no Parquet");
        var error = Assert.Throws<InvalidDataException>(() => new VideoTablesReader(files));
        Assert.StartsWith($"{files.Candidates} cannot be read: ", error.Message, StringComparison.Ordinal);
    }

    private VideoTableFiles Write(string name, int frames)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        using var writer = new TablesWriter(folder, "gate", TestFrames.Context);
        for (var f = 0; f < frames; f++)
        {
            using var frame = Frame(f);
            writer.Write(frame);
        }

        return VideoTableFiles.Of(writer.Finish());
    }

    private static TrackedFrame Frame(int f) => TestFrames.Frame(f, Motion(f));

    /// <summary>Every third frame's motion is known, by numbers that no float holds.</summary>
    private static AffineMotion? Motion(int f) => f % 3 == 1 ? new AffineMotion(1 + 1e-9, 1 / 3d, f / 7d, -1e-300, 0.1, -f) : null;
}
