using SegBatch.Tables;
using Xunit;

namespace SegBatch.Tests.Tables;

public class SchemaTests
{
    [Fact]
    public void Names_and_types_are_those_that_queries_of_others_depend_on()
    {
        Assert.Equal(
            "video VARCHAR, frame BIGINT, pts BIGINT, time_base_num INTEGER, time_base_den INTEGER, time_s DOUBLE, width INTEGER, "
                + "height INTEGER, instances INTEGER, corrupt BOOLEAN, pts_synthesised BOOLEAN, file VARCHAR",
            Columns(Schema.Frames.Columns)
        );
        Assert.Equal(
            "video VARCHAR, frame BIGINT, pts BIGINT, time_s DOUBLE, instance INTEGER, track_id BIGINT, class_id INTEGER, "
                + "class_name VARCHAR, score FLOAT, x1 FLOAT, y1 FLOAT, x2 FLOAT, y2 FLOAT, track_x1 FLOAT, track_y1 FLOAT, "
                + "track_x2 FLOAT, track_y2 FLOAT, mask_rle VARCHAR, mask_height INTEGER, mask_width INTEGER, mask_area BIGINT, "
                + "centroid_x FLOAT, centroid_y FLOAT, source VARCHAR",
            Columns(Schema.Instances.Columns)
        );
        Assert.Equal(
            Columns(Schema.Instances.Columns.Where(column => !column.Name.StartsWith("track_", StringComparison.Ordinal))),
            Columns(Schema.Candidates.Columns)
        );
        Assert.Equal(
            "video VARCHAR, track_id BIGINT, class_id INTEGER, class_name VARCHAR, class_share DOUBLE, first_frame BIGINT, "
                + "last_frame BIGINT, first_time_s DOUBLE, last_time_s DOUBLE, frames BIGINT, gaps BIGINT, mean_score DOUBLE, "
                + "max_score FLOAT, mean_area DOUBLE, path_length_px DOUBLE, displacement_px DOUBLE, mean_speed_px_s DOUBLE",
            Columns(Schema.Tracks.Columns)
        );
        Assert.Equal(
            "video VARCHAR, frame BIGINT, motion_a DOUBLE, motion_b DOUBLE, motion_tx DOUBLE, motion_c DOUBLE, motion_d DOUBLE, "
                + "motion_ty DOUBLE",
            Columns(Schema.Evidence.Columns)
        );
        Assert.Equal(
            "video VARCHAR, frame BIGINT, pts BIGINT, time_s DOUBLE, class_id INTEGER, class_name VARCHAR, mask_rle VARCHAR, "
                + "mask_height INTEGER, mask_width INTEGER, area BIGINT, share DOUBLE",
            Columns(Schema.Regions.Columns)
        );
    }

    [Theory]
    [InlineData("frames")]
    [InlineData("instances")]
    [InlineData("tracks")]
    [InlineData("evidence")]
    [InlineData("regions")]
    public void The_documentation_repeats_the_definition(string table)
    {
        var columns = table switch
        {
            "frames" => Schema.Frames.Columns,
            "instances" => Schema.Instances.Columns,
            "evidence" => Schema.Evidence.Columns,
            "regions" => Schema.Regions.Columns,
            _ => Schema.Tracks.Columns,
        };
        var expected = string.Concat(columns.Select(column => $"| {column.Name} | {column.Type} | {column.Unit} | {column.Meaning} |\n"));

        Assert.Contains(
            $"### {table}\n\n| column | type | unit | meaning |\n| --- | --- | --- | --- |\n{expected}\n",
            Documentation(),
            StringComparison.Ordinal
        );
    }

    private static string Columns(IEnumerable<Column> columns) =>
        string.Join(", ", columns.Select(column => $"{column.Name} {column.Type}"));

    private static string Documentation()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "docs", "output-formats.md");
            if (File.Exists(path))
            {
                return File.ReadAllText(path);
            }
        }

        throw new FileNotFoundException("docs/output-formats.md is not above the test's folder.");
    }
}
