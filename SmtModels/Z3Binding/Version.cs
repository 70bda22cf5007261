namespace Microsoft.Z3;

/// <summary>The version of the library that is loaded.</summary>
public static class Version
{
    public static uint Major => All.Major;

    public static uint Minor => All.Minor;

    public static uint Build => All.Build;

    public static uint Revision => All.Revision;

    private static (uint Major, uint Minor, uint Build, uint Revision) All
    {
        get
        {
            Native.Z3_get_version(out uint major, out uint minor, out uint build, out uint revision);
            return (major, minor, build, revision);
        }
    }
}
