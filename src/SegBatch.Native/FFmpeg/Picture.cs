namespace SegBatch.Native.FFmpeg;

/// <summary>Owns one AVFrame with 8-bit samples in host memory. Planes are views: they end with the picture.</summary>
public sealed class Picture : IDisposable
{
    public int Width => throw new NotImplementedException();

    public int Height => throw new NotImplementedException();

    /// <summary>Rows of one plane, <see cref="Stride"/> bytes apart.</summary>
    public Span<byte> Plane(int index) => throw new NotImplementedException();

    public int Stride(int index) => throw new NotImplementedException();

    /// <summary>Copies the samples if the decoder still refers to them, so that drawing cannot reach other frames.</summary>
    public void EnsureWritable() => throw new NotImplementedException();

    public void Dispose() { }
}
