using System.Runtime.InteropServices;

namespace SegBatch.Tracking;

/// <summary>
/// The detections of a frame that take part, by their index, in two bands of score (Zhang et al., ByteTrack: Multi-object tracking by
/// associating every detection box, ECCV 2022, section 3). Those whose box has no area, or ends nowhere, are in neither. Scores compare in
/// single precision. Buffers are kept: no allocation once warm.
/// </summary>
/// <param name="options">The thresholds.</param>
/// <param name="takesEmpty">Boxes without area take part.</param>
internal sealed class ScoreBands(TrackingOptions options, bool takesEmpty = false)
{
    private readonly float _high = options.TrackHighThresh;
    private readonly float _low = options.TrackLowThresh;

    /// <summary>From the high threshold on, in the frame's order; its owner's to change until the next frame.</summary>
    public List<int> High { get; } = [];

    /// <summary>Above the low threshold and below the high one, as <see cref="High"/>.</summary>
    public List<int> Low { get; } = [];

    /// <summary>Sorts the detections of the next frame.</summary>
    public void Split(ReadOnlySpan<TrackInput> detections)
    {
        High.Clear();
        Low.Clear();
        for (var i = 0; i < detections.Length; i++)
        {
            ref readonly var detection = ref detections[i];
            if (!(IsLength(detection.Box.Width) && IsLength(detection.Box.Height)))
            {
                continue;
            }

            if (detection.Score >= _high)
            {
                High.Add(i);
            }
            else if (detection.Score > _low)
            {
                Low.Add(i);
            }
        }
    }

    /// <summary>Takes the candidates out of a list that an assignment has given away.</summary>
    /// <param name="candidates">One for each column of the assignment.</param>
    /// <param name="rowOfColumn">Below 0 for a column left alone.</param>
    public static void KeepUnassigned(List<int> candidates, ReadOnlySpan<int> rowOfColumn)
    {
        var kept = 0;
        for (var column = 0; column < rowOfColumn.Length; column++)
        {
            if (rowOfColumn[column] < 0)
            {
                candidates[kept++] = candidates[column];
            }
        }

        CollectionsMarshal.SetCount(candidates, kept);
    }

    /// <summary>False for what is not a number too: it would spread through a filter's state.</summary>
    private bool IsLength(float side) => side < float.PositiveInfinity && (side > 0 || (takesEmpty && side == 0));
}
