using SegBatch.Geometry;
using SegBatch.Masks;

namespace SegBatch.Detection;

/// <summary>One object found in one frame, all in frame pixels. The mask's memory belongs to the frame's <see cref="DetectionList"/>.</summary>
public readonly record struct DetectedObject(Box Box, float Score, int ClassId, RleMask Mask);
