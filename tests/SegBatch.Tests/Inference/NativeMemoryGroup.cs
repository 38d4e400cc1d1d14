using Xunit;

namespace SegBatch.Tests.Inference;

/// <summary>Tests that count native buffers of the whole process: nothing runs beside them.</summary>
[CollectionDefinition("native memory", DisableParallelization = true)]
public sealed class NativeMemoryGroup;
