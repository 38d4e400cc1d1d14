using Xunit;

namespace SegBatch.IntegrationTests.Inference;

/// <summary>Tests that count native buffers of the whole process: nothing runs beside them.</summary>
[CollectionDefinition("native memory", DisableParallelization = true)]
public sealed class NativeMemoryGroup;
