using SegBatch.Geometry;

namespace SegBatch.Quantization;

/// <summary>A frame as the network is given it.</summary>
/// <param name="Source">Path of the video or folder.</param>
/// <param name="Frame">Index in it.</param>
/// <param name="Letterbox">How it lies in the input.</param>
/// <param name="Levels">Planes R, G, B of the input's size, 0 to 255: what the letterbox writes are whole levels divided by 255.</param>
internal sealed record FrameSample(string Source, long Frame, LetterboxTransform Letterbox, byte[] Levels)
{
    /// <summary>Writes the tensor of one picture.</summary>
    public void CopyTo(Span<float> tensor)
    {
        for (var i = 0; i < Levels.Length; i++)
        {
            tensor[i] = Levels[i] / 255f;
        }
    }
}
