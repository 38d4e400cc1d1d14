using SegBatch.Appearance;
using SegBatch.Inference;
using SegBatch.Tracking;

namespace SegBatch.Jobs;

/// <summary>The appearance models that the sources of a job name, each opened once.</summary>
internal sealed class AppearanceModels : IDisposable
{
    private readonly Dictionary<string, AppearanceModel> _byPath = new(StringComparer.Ordinal);

    /// <summary>The file whose model a tracker needs; null where it compares no looks.</summary>
    public static string? PathOf(TrackingOptions options) => Trackers.ComparesLooksFrom(options) is null ? null : options.AppearanceModel;

    /// <summary>Opens what is needed, on the detector's device.</summary>
    /// <exception cref="ModelException">A model cannot be used.</exception>
    public static AppearanceModels Open(IEnumerable<TrackingOptions> sources, ExecutionDevice device)
    {
        // An engine of TensorRT is made for one number of pictures, and here it changes from frame to frame.
        var where = device.IsGpu ? $"cuda:{device.Index}" : "cpu";
        var models = new AppearanceModels();
        try
        {
            foreach (var path in sources.Select(PathOf).OfType<string>().Distinct(StringComparer.Ordinal))
            {
                models._byPath[path] = AppearanceModel.Open(path, where);
            }

            return models;
        }
        catch
        {
            models.Dispose();
            throw;
        }
    }

    /// <summary>The model that a tracker needs; null where it compares no looks.</summary>
    public AppearanceModel? For(TrackingOptions options) => PathOf(options) is { } path ? _byPath[path] : null;

    public void Dispose()
    {
        foreach (var model in _byPath.Values)
        {
            model.Dispose();
        }
    }
}
