using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SegBatch.Geometry;

namespace SegBatch.Detection;

/// <summary>The boxes that suppression has kept so far, as columns, so that one box is compared with eight at a time.</summary>
internal sealed class KeptBoxes
{
    private const int Lanes = 8;

    /// <summary>Class of a place that holds no box; equal to no candidate's.</summary>
    private const int Nothing = -1;

    private float[] _x1 = [];
    private float[] _y1 = [];
    private float[] _x2 = [];
    private float[] _y2 = [];
    private float[] _area = [];
    private int[] _class = [];
    private int[] _candidate = [];

    public int Count { get; private set; }

    public (int Candidate, Box Box) this[int index] => (_candidate[index], new Box(_x1[index], _y1[index], _x2[index], _y2[index]));

    public void Clear()
    {
        Array.Fill(_class, Nothing, 0, (Count + Lanes - 1) & -Lanes);
        Count = 0;
    }

    /// <param name="candidate">Number of the candidate the box belongs to.</param>
    public void Add(int candidate, in Box box, int classId)
    {
        if (Count == _class.Length)
        {
            var capacity = Math.Max(64, 2 * Count);
            Array.Resize(ref _x1, capacity);
            Array.Resize(ref _y1, capacity);
            Array.Resize(ref _x2, capacity);
            Array.Resize(ref _y2, capacity);
            Array.Resize(ref _area, capacity);
            Array.Resize(ref _class, capacity);
            Array.Resize(ref _candidate, capacity);
            _class.AsSpan(Count).Fill(Nothing);
        }

        _x1[Count] = box.X1;
        _y1[Count] = box.Y1;
        _x2[Count] = box.X2;
        _y2[Count] = box.Y2;
        _area[Count] = box.Width * box.Height;
        _candidate[Count] = candidate;
        _class[Count++] = classId;
    }

    /// <summary>Whether a kept box of the class has an IoU above the threshold; single precision, no epsilon, 0/0 is not above.</summary>
    public bool Suppress(in Box box, int classId, float threshold)
    {
        ref var x1 = ref MemoryMarshal.GetArrayDataReference(_x1);
        ref var y1 = ref MemoryMarshal.GetArrayDataReference(_y1);
        ref var x2 = ref MemoryMarshal.GetArrayDataReference(_x2);
        ref var y2 = ref MemoryMarshal.GetArrayDataReference(_y2);
        ref var areas = ref MemoryMarshal.GetArrayDataReference(_area);
        ref var classes = ref MemoryMarshal.GetArrayDataReference(_class);
        var area = Vector256.Create(box.Width * box.Height);
        var left = Vector256.Create(box.X1);
        var top = Vector256.Create(box.Y1);
        var right = Vector256.Create(box.X2);
        var bottom = Vector256.Create(box.Y2);
        var zero = Vector256<float>.Zero;
        for (nuint i = 0; i < (nuint)Count; i += Lanes)
        {
            var width =
                Vector256.MinNative(Vector256.LoadUnsafe(ref x2, i), right) - Vector256.MaxNative(Vector256.LoadUnsafe(ref x1, i), left);
            var height =
                Vector256.MinNative(Vector256.LoadUnsafe(ref y2, i), bottom) - Vector256.MaxNative(Vector256.LoadUnsafe(ref y1, i), top);
            var intersection = Vector256.MaxNative(width, zero) * Vector256.MaxNative(height, zero);
            var iou = intersection / (Vector256.LoadUnsafe(ref areas, i) + area - intersection);
            var same = Vector256.Equals(Vector256.LoadUnsafe(ref classes, i), Vector256.Create(classId)).AsSingle();
            if ((Vector256.GreaterThan(iou, Vector256.Create(threshold)) & same).ExtractMostSignificantBits() != 0)
            {
                return true;
            }
        }

        return false;
    }
}
