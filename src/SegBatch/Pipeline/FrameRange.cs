namespace SegBatch.Pipeline;

/// <summary>Indices of the first and last frame of a message.</summary>
public readonly record struct FrameRange(long First, long Last)
{
    public override string ToString() => First == Last ? $"frame {First}" : $"frames {First}–{Last}";
}
