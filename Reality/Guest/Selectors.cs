namespace PageProof.Reality.Guest;

/// <summary>The selectors of the guest's descriptor table.</summary>
internal static class Selectors
{
    public const ushort Code64 = 0x08;
    public const ushort Data = 0x10;
    public const ushort Code32 = 0x18;
    public const ushort UserData = 0x20 | 3;
    public const ushort UserCode64 = 0x28 | 3;
    public const ushort Task = 0x30;
}
