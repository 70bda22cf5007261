namespace Microsoft.Z3;

/// <summary>What Z3 says when it refuses a call.</summary>
public class Z3Exception(string message) : Exception(message);
