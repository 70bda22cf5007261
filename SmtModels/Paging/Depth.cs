namespace PageProof.SmtModels.Paging;

/// <summary>A number of levels, and the control state of the scene with that many.</summary>
public sealed record Depth(string Name, int Levels, ControlTerms Control);
