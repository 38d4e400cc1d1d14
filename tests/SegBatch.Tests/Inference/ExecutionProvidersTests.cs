using SegBatch.Inference;
using Xunit;

namespace SegBatch.Tests.Inference;

public class ExecutionProvidersTests
{
    [Theory]
    [InlineData("auto", "tensorrt:0 cuda:0 cpu")]
    [InlineData("cpu", "cpu")]
    [InlineData("CUDA", "cuda:0")]
    [InlineData("cuda:3", "cuda:3")]
    [InlineData("tensorrt:1", "tensorrt:1")]
    public void Ladders(string setting, string expected) => Assert.Equal(expected, string.Join(' ', ExecutionDevice.Ladder(setting)));

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:x")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:")]
    [InlineData("auto:1")]
    [InlineData("")]
    public void Unknown_devices_are_refused_with_the_choices(string setting)
    {
        var refusal = Assert.Throws<ModelException>(() => ExecutionDevice.Ladder(setting));

        Assert.Equal(ModelException.Options, refusal.Code);
        Assert.Contains("auto, cpu, cuda", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stepping_down_keeps_each_reason_once()
    {
        var providers = new ExecutionProviders(ExecutionDevice.Ladder("auto"));
        var tensorRt = providers.Taken;

        Assert.True(providers.StepDown(tensorRt, "no engine"));
        Assert.True(providers.StepDown(tensorRt, "no engine, seen by a second thread"));
        Assert.Equal("cuda:0", providers.Taken.ToString());
        Assert.True(providers.StepDown(providers.Taken, "no device"));
        Assert.False(providers.StepDown(providers.Taken, "no processor"));

        Assert.Equal("cpu", providers.Taken.ToString());
        Assert.Equal(["tensorrt:0: no engine", "cuda:0: no device"], providers.Refusals.Select(refusal => refusal.ToString()));
    }

    [Theory]
    [InlineData(
        "[ErrorCode:Fail] /onnxruntime_src/onnxruntime/core/session/provider_bridge_ort.cc:1988 onnxruntime::Provider& onnxruntime::ProviderLibrary::Get() [ONNXRuntimeError] : 1 : FAIL : Failed to load library /app/libonnxruntime_providers_cuda.so with error: libcublasLt.so.13: cannot open shared object file: No such file or directory\n",
        "libonnxruntime_providers_cuda.so needs libcublasLt.so.13, which is not installed"
    )]
    [InlineData(
        "[ErrorCode:Fail] x [ONNXRuntimeError] : 1 : FAIL : Failed to load library /app/libonnxruntime_providers_shared.so with error: /app/libonnxruntime_providers_shared.so: cannot open shared object file: No such file or directory",
        "libonnxruntime_providers_shared.so is not installed"
    )]
    [InlineData(
        "[ErrorCode:Fail] /onnxruntime_src/onnxruntime/core/providers/cuda/cuda_call.cc:129 std::conditional_t<THRW, void, Status> CudaCall(…) CUDA failure 100: no CUDA-capable device is detected ; GPU=0\nmore",
        "std::conditional_t<THRW, void, Status> CudaCall(…) CUDA failure 100: no CUDA-capable device is detected ; GPU=0"
    )]
    [InlineData(
        "[ErrorCode:InvalidProtobuf] Load model from /m.onnx failed:Protobuf parsing failed.",
        "Load model from /m.onnx failed:Protobuf parsing failed"
    )]
    [InlineData("Unable to load shared library 'onnxruntime'", "Unable to load shared library 'onnxruntime'")]
    public void Reasons_are_one_readable_line(string error, string reason) =>
        Assert.Equal(reason, OnnxRuntimeLog.Reason(new InvalidOperationException(error)));
}
