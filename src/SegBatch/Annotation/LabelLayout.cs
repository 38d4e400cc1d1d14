using System.Runtime.InteropServices;
using SegBatch.Geometry;

namespace SegBatch.Annotation;

/// <summary>
/// Finds a place for each label where it hides little: above its box, below it or inside, flush left or right, or beside it. Labels laid earlier count
/// most, then other objects' boxes. A track keeps the place it had unless another is clearly better, so that labels do not jump
/// from frame to frame.
/// </summary>
internal sealed class LabelLayout
{
    private const int LabelCost = 8; // hiding another label against hiding another object, per pixel
    private const int OwnCost = 1;
    private const int Places = 8;

    private readonly List<PixelRect> _laid = [];
    private Dictionary<long, int> _places = [];
    private Dictionary<long, int> _placesBefore = [];

    /// <summary>Starts a frame: nothing is laid yet.</summary>
    public void Begin()
    {
        _laid.Clear();
        (_places, _placesBefore) = (_placesBefore, _places);
        _places.Clear();
    }

    /// <summary>Lays one label; call it for the most important object first.</summary>
    public PixelRect Place(FrameSize label, FrameSize frame, ReadOnlySpan<PixelRect> boxes, int own, long? trackId)
    {
        var before = trackId is { } id && _placesBefore.TryGetValue(id, out var kept) ? kept : 0;
        var (best, bestPlace, bestCost) = (default(PixelRect), 0, long.MaxValue);
        for (var place = 0; place < Places; place++)
        {
            var rect = Shift(At(place, boxes[own], label), frame);
            var cost = Cost(rect, boxes, own) + (place == before ? 0 : label.Area / 6) + place;
            if (cost < bestCost)
            {
                (best, bestPlace, bestCost) = (rect, place, cost);
            }
        }

        if (trackId is { } known)
        {
            _places[known] = bestPlace;
        }

        _laid.Add(best);
        return best;
    }

    private static PixelRect At(int place, in PixelRect box, FrameSize label)
    {
        var y = (place / 2) switch
        {
            0 => box.Y1 - label.Height,
            1 => box.Y2,
            _ => box.Y1,
        };
        var x = place switch
        {
            6 => box.X2,
            7 => box.X1 - label.Width,
            _ => place % 2 == 0 ? box.X1 : box.X2 - label.Width,
        };
        return new(x, y, x + label.Width, y + label.Height);
    }

    /// <summary>Moves a label into the frame. One wider than the frame starts at its left edge.</summary>
    private static PixelRect Shift(in PixelRect rect, FrameSize frame)
    {
        var x = Math.Max(0, Math.Min(rect.X1, frame.Width - rect.Width));
        var y = Math.Max(0, Math.Min(rect.Y1, frame.Height - rect.Height));
        return new(x, y, x + rect.Width, y + rect.Height);
    }

    private long Cost(in PixelRect rect, ReadOnlySpan<PixelRect> boxes, int own)
    {
        var cost = 0L;
        foreach (ref readonly var other in CollectionsMarshal.AsSpan(_laid))
        {
            cost += LabelCost * rect.OverlapWith(other);
        }

        for (var i = 0; i < boxes.Length; i++)
        {
            cost += (i == own ? 2 * OwnCost : 1) * rect.OverlapWith(boxes[i]);
        }

        return cost;
    }
}
