using System.Runtime.InteropServices;

namespace SegBatch.Native.DuckDb;

internal abstract class DuckDbHandle : SafeHandle
{
    protected DuckDbHandle(nint value)
        : base(0, ownsHandle: true) => SetHandle(value);

    public override bool IsInvalid => handle == 0;
}

internal sealed class DatabaseHandle(nint value) : DuckDbHandle(value)
{
    protected override bool ReleaseHandle()
    {
        Imports.Close(ref handle);
        return true;
    }
}

internal sealed class ConnectionHandle(nint value) : DuckDbHandle(value)
{
    protected override bool ReleaseHandle()
    {
        Imports.Disconnect(ref handle);
        return true;
    }
}

internal sealed class ExtractedHandle(nint value) : DuckDbHandle(value)
{
    protected override bool ReleaseHandle()
    {
        Imports.DestroyExtracted(ref handle);
        return true;
    }
}

internal sealed class PreparedHandle(nint value) : DuckDbHandle(value)
{
    protected override bool ReleaseHandle()
    {
        Imports.DestroyPrepare(ref handle);
        return true;
    }
}

internal sealed class ChunkHandle(nint value) : DuckDbHandle(value)
{
    protected override bool ReleaseHandle()
    {
        Imports.DestroyDataChunk(ref handle);
        return true;
    }
}

/// <summary>Owns the memory of a <c>duckdb_result</c> and, once a query has filled it, what it refers to.</summary>
internal sealed unsafe class ResultHandle() : DuckDbHandle((nint)NativeMemory.AllocZeroed((nuint)sizeof(RawResult)))
{
    /// <summary>The structure itself, for the functions that take it by value.</summary>
    public RawResult Value => *(RawResult*)handle;

    protected override bool ReleaseHandle()
    {
        Imports.DestroyResult(handle);
        NativeMemory.Free((void*)handle);
        return true;
    }
}
