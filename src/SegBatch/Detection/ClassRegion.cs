using SegBatch.Masks;

namespace SegBatch.Detection;

/// <summary>Every pixel of a frame that a semantic network gives one class. The mask's memory belongs to the frame's <see cref="DetectionList"/>.</summary>
public readonly record struct ClassRegion(int ClassId, RleMask Mask);
