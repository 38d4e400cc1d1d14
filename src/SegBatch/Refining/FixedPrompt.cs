namespace SegBatch.Refining;

/// <summary>An object that is asked for in every frame at the same place.</summary>
/// <param name="Prompt">Where it is.</param>
/// <param name="ClassId">Its class in the tables.</param>
public readonly record struct FixedPrompt(Prompt Prompt, int ClassId);
