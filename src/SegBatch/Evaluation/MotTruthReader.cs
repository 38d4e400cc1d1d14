using System.Globalization;
using System.Text;
using SegBatch.Geometry;

namespace SegBatch.Evaluation;

/// <summary>
/// Reads truth of the MOT challenge (motchallenge.net: <c>frame,id,left,top,width,height,valid,class,visibility</c>; that of 2015 has <c>x,y,z</c>
/// in the world after <c>valid</c> and knows pedestrians alone) and of MOTS
/// (Voigtlaender et al. 2019: <c>frame id class height width rle</c>, ids = 1000 · class + number, class 10 = region to be ignored). Frames
/// count from 1 there and from 0 here.
/// </summary>
public static class MotTruthReader
{
    private const int IgnoreRegion = 10;
    private const int ClassColumn = 7;
    private const int Pedestrian = 1;

    /// <param name="video">Key of the video that the file is about.</param>
    /// <exception cref="EvaluationException">The file is neither: which line, and what is wrong with it.</exception>
    public static TruthInMemory Read(string path, string video) =>
        new(new Dictionary<string, StoredVideo> { [video] = Video(path) }, null, ListsItsFrames: false);

    private static StoredVideo Video(string path)
    {
        var frames = new Dictionary<long, IReadOnlyList<StoredObject>>();
        var number = 0;
        try
        {
            foreach (var line in File.ReadLines(path))
            {
                number++;
                if (string.IsNullOrWhiteSpace(line))
                {
                    continue;
                }

                var (frame, item) = line.Contains(',', StringComparison.Ordinal)
                    ? Box(line.Split(','))
                    : Mask(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
                if (frame < 1)
                {
                    throw new FormatException($"frame {frame}; frames count from 1");
                }

                if (!frames.TryGetValue(frame - 1, out var known))
                {
                    frames[frame - 1] = known = new List<StoredObject>();
                }

                ((List<StoredObject>)known).Add(item);
            }
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            throw new EvaluationException($"{path}, line {number}: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"The truth {path} cannot be read: {error.Message}", error);
        }

        return new StoredVideo(frames);
    }

    private static (long Frame, StoredObject Object) Box(string[] cells)
    {
        if (cells.Length < 6)
        {
            throw new FormatException("a line of MOT is frame,id,left,top,width,height and more");
        }

        var values = Array.ConvertAll(cells, Real);
        var box = new BoxCorners(values[2], values[3], values[2] + values[4], values[3] + values[5]);
        var classId = values.Length is ClassColumn + 1 or ClassColumn + 2 ? (int)values[ClassColumn] : Pedestrian;
        var isIgnored = values.Length > 6 && values[6] == 0; // "consider this entry": 0 is no
        return ((long)values[0], new StoredObject(classId, (long)values[1], 1, box, null, default, IsIgnored: isIgnored));
    }

    private static (long Frame, StoredObject Object) Mask(string[] cells)
    {
        if (cells.Length != 6)
        {
            throw new FormatException("a line of MOTS is: frame id class height width rle");
        }

        var size = new FrameSize(Whole(cells[4]), Whole(cells[3]));
        var isRegion = Whole(cells[2]) == IgnoreRegion;
        var classId = isRegion ? EvaluationObject.AnyClass : Whole(cells[2]);
        return (Whole(cells[0]), new StoredObject(classId, Whole(cells[1]), 1, null, Encoding.ASCII.GetBytes(cells[5]), size, isRegion));
    }

    private static double Real(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException($"'{cell}' is no number");

    private static int Whole(string cell) =>
        int.TryParse(cell, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException($"'{cell}' is no whole number");
}
