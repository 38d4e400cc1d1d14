using SegBatch.Evaluation;
using SegBatch.Geometry;
using Xunit;

namespace SegBatch.Tests.Evaluation;

public sealed class TruthReaderTests
{
    private static readonly Dictionary<string, (string Video, long Frame)> s_noPictures = [];

    [Fact]
    public void Boxes_of_the_MOT_challenge_are_read()
    {
        var frames = WithFile(
            "1,7,10.5,20,30,40,1,2,1\n3,8,0,0,5,5,0,3,0.5\n",
            path => MotTruthReader.Read(path, "gate").Load("gate").Frames
        );
        var first = Assert.Single(frames[0]);
        Assert.Equal(
            (2, 7L, new BoxCorners(10.5, 20, 40.5, 60), false),
            (first.ClassId, first.TrackId!.Value, first.Box!.Value, first.IsIgnored)
        );
        Assert.True(Assert.Single(frames[2]).IsIgnored);
    }

    /// <summary>Ten columns, the last three of them a place in the world, -1 where nobody measured it: no class.</summary>
    [Fact]
    public void All_of_the_challenge_of_2015_are_pedestrians()
    {
        var frames = WithFile(
            "1,1,1691.97,381.048,152.23,352.617,1,-1,-1,-1\n1,2,10,20,30,40,1,8.5,3.1,0\n",
            path => MotTruthReader.Read(path, "gate").Load("gate").Frames
        );
        Assert.Equal([1, 1], frames[0].Select(item => item.ClassId));
    }

    [Fact]
    public void Cells_of_MOTS_may_lie_further_apart()
    {
        var frames = WithFile("2 1006 1 3 4 24 \n3\t1006 1  3 4 24\n", path => MotTruthReader.Read(path, "gate").Load("gate").Frames);
        Assert.Equal([1, 2], frames.Keys);
        Assert.Equal("24"u8.ToArray(), frames[2][0].MaskRle);
    }

    /// <summary>A class of any number, also below 0, is one class, not all of them.</summary>
    [Fact]
    public void No_number_of_a_file_means_all_classes()
    {
        var mapping = new ClassMapping(null, new Dictionary<int, string>(), [-1], isAgnostic: false);
        Assert.Equal(-1, mapping.OfTruth(-1));
        Assert.Equal([-1], mapping.Names.Keys);
        var frame = EvaluatedFrame.Of([Object(-1)], [Object(3)], boundary: false);
        Assert.Empty(frame.BoxPairs);

        static EvaluationObject Object(int classId) => new(classId, 1, 1, new BoxCorners(0, 0, 10, 10), null);
    }

    [Fact]
    public void Masks_of_MOTS_are_read_and_class_10_is_a_region()
    {
        var frames = WithFile("2 1006 1 3 4 24\n2 10000 10 3 4 0<\n", path => MotTruthReader.Read(path, "gate").Load("gate").Frames);
        Assert.Equal([1], frames.Keys);
        Assert.Equal(
            (1, 1006L, new FrameSize(4, 3), false),
            (frames[1][0].ClassId, frames[1][0].TrackId!.Value, frames[1][0].MaskSize, frames[1][0].IsCrowd)
        );
        Assert.Equal((EvaluationObject.AnyClass, true), (frames[1][1].ClassId, frames[1][1].IsCrowd));
    }

    [Theory]
    [InlineData("1,7,10\n", "line 1")]
    [InlineData("1 1006 1 3 4 24\n1 x 1 3 4 24\n", "line 2")]
    [InlineData("0,7,10,20,30,40,1,2,1\n", "frames count from 1")]
    public void A_line_that_is_neither_is_named(string text, string expected)
    {
        var error = Assert.Throws<EvaluationException>(() => WithFile(text, path => MotTruthReader.Read(path, "gate")));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Coco_images_become_frames_by_video_and_by_name()
    {
        const string Text = """
            {"videos": [{"id": 5, "name": "gate.mp4"}],
             "images": [{"id": 1, "video_id": 5, "frame_id": 3, "file_name": "a.png", "width": 4, "height": 3},
                        {"id": 2, "file_name": "yard/000012.png", "width": 4, "height": 3},
                        {"id": 3, "file_name": "known.png", "width": 4, "height": 3}],
             "categories": [{"id": 9, "name": "cat"}],
             "annotations": [
               {"image_id": 1, "category_id": 9, "track_id": 2, "bbox": [1, 1, 2, 1], "area": 2, "segmentation": [[1, 1, 3, 1, 3, 2, 1, 2]]},
               {"image_id": 3, "category_id": 9, "iscrowd": 1, "bbox": [0, 0, 4, 3], "segmentation": {"size": [3, 4], "counts": [0, 12]}}]}
            """;
        var pictures = new Dictionary<string, (string Video, long Frame)> { ["known.png"] = ("folder", 7) };
        var truth = WithFile(Text, path => CocoTruthReader.Read(path, null, pictures));
        Assert.Equal(["folder", "gate", "yard"], truth.Videos);
        Assert.Equal("cat", truth.ClassNames![9]);
        var cat = Assert.Single(truth.Load("gate").Frames[3]).Open(9);
        Assert.Equal((2L, 2.0, 2L), (cat.TrackId!.Value, cat.Area!.Value, cat.Mask!.Value.Area));
        Assert.Equal(new Box(1, 1, 3, 2), cat.Mask.Value.Bounds);
        Assert.Empty(truth.Load("yard").Frames[12]);
        var crowd = Assert.Single(truth.Load("folder").Frames[7]).Open(9);
        Assert.Equal((true, 12L), (crowd.IsCrowd, crowd.Mask!.Value.Area));
    }

    [Theory]
    [InlineData("{}", "images")]
    [InlineData("[", "no COCO truth")]
    [InlineData("""{"images": [{"id": 1, "file_name": "x.png", "width": 4, "height": 3}]}""", "x.png")]
    public void What_is_no_coco_is_refused(string text, string expected)
    {
        var error = Assert.Throws<EvaluationException>(() => WithFile(text, path => CocoTruthReader.Read(path, null, s_noPictures)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static T WithFile<T>(string text, Func<string, T> read)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            return read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
