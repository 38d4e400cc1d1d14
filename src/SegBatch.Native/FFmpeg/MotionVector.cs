namespace SegBatch.Native.FFmpeg;

/// <summary>Where the codec took a block from, in an earlier picture. Stored pixels, not turned upright; both are the middle of the block.</summary>
public readonly record struct MotionVector(float X, float Y, float FromX, float FromY);
