using System.Text.Json;

namespace SegBatch.Motion;

/// <summary>How the camera's motion is found, under the names of Ultralytics' tracker files where they have one.</summary>
public enum CameraMotionMethod
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By corners of the picture that are followed from frame to frame.</summary>
    SparseOptFlow,

    /// <summary>By the motion vectors that the codec wrote; by corners in frames that have none to go by.</summary>
    MotionVectors,
}

/// <summary>How the methods are called.</summary>
public static class CameraMotionMethods
{
    /// <summary>As the tracker files write it: "sparseOptFlow".</summary>
    public static string Name(this CameraMotionMethod method) => JsonNamingPolicy.CamelCase.ConvertName(method.ToString());
}
