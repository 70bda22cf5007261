namespace PageProof.Cli;

/// <summary>How a command ends, for the shell that started it.</summary>
public static class ExitCode
{
    /// <summary>All held.</summary>
    public const int Held = 0;

    /// <summary>Something was refuted; the output shows what.</summary>
    public const int Refuted = 1;

    /// <summary>Bad usage or input; one sentence on the error stream says which.</summary>
    public const int BadInput = 2;
}
