using SegBatch.Geometry;
using SegBatch.Masks;

namespace SegBatch.Evaluation;

/// <summary>An object as files hold it: as <see cref="EvaluationObject"/>, with the mask still compressed.</summary>
/// <param name="MaskRle">COCO compressed counts, ASCII; null where there are only boxes.</param>
public sealed record StoredObject(
    int ClassId,
    long? TrackId,
    double Score,
    BoxCorners? Box,
    byte[]? MaskRle,
    FrameSize MaskSize,
    bool IsCrowd = false,
    bool IsIgnored = false,
    double? Area = null
)
{
    /// <exception cref="FormatException">The mask is damaged.</exception>
    internal EvaluationObject Open(int classId)
    {
        RleMask? mask = null;
        if (MaskRle is not null)
        {
            mask = new RleMask(MaskSize, CocoRle.Decode(MaskRle));
            mask.Value.Validate();
        }

        return new EvaluationObject(classId, TrackId, Score, Box ?? Around(mask!.Value), mask, IsCrowd, IsIgnored, Area);
    }

    private static BoxCorners Around(in RleMask mask) =>
        mask.Bounds is var bounds ? new BoxCorners(bounds.X1, bounds.Y1, bounds.X2, bounds.Y2) : default;
}

/// <summary>Objects of one video by frame, from 0.</summary>
public sealed record StoredVideo(IReadOnlyDictionary<long, IReadOnlyList<StoredObject>> Frames);

/// <summary>What is true: annotated objects, video by video.</summary>
public interface ITruth
{
    /// <summary>Keys of the videos.</summary>
    IReadOnlyList<string> Videos { get; }

    /// <summary>Names by class number; null where the format knows numbers alone.</summary>
    IReadOnlyDictionary<int, string>? ClassNames { get; }

    /// <summary>Only the frames that are listed were annotated; else a frame without truth is an empty one.</summary>
    bool ListsItsFrames { get; }

    /// <exception cref="EvaluationException">It cannot be read.</exception>
    StoredVideo Load(string video);
}

/// <summary>Truth that was read from text as a whole.</summary>
public sealed record TruthInMemory(
    IReadOnlyDictionary<string, StoredVideo> ByVideo,
    IReadOnlyDictionary<int, string>? ClassNames,
    bool ListsItsFrames
) : ITruth
{
    public IReadOnlyList<string> Videos => [.. ByVideo.Keys.Order(StringComparer.Ordinal)];

    public StoredVideo Load(string video) => ByVideo[video];
}
