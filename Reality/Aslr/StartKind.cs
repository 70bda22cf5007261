using PageProof.Contract.Hardening;

namespace PageProof.Reality.Aslr;

/// <summary>A kind of process to start again and again.</summary>
/// <param name="Kind">The addresses that it has.</param>
/// <param name="Program">How its program says where it lies.</param>
/// <param name="IsRandomized">Whether it is placed at random, as far as the running system does that.</param>
/// <param name="IsLegacy">Whether its mappings go up.</param>
/// <param name="MappingSize">The mapping that it asks for.</param>
public sealed record StartKind(
    AddressSpaceKind Kind, ProgramKind Program, bool IsRandomized, bool IsLegacy, uint MappingSize)
{
    private const uint NoRandomization = 0x004_0000;
    private const uint CompatibleLayout = 0x020_0000;
    private const uint Limit3GiB = 0x800_0000;
    private const uint Small = 16 << 10;
    private const uint Large = 4 << 20;

    /// <summary>The kinds that are looked at.</summary>
    public static IReadOnlyList<StartKind> All { get; } =
    [
        .. from kind in Enum.GetValues<AddressSpaceKind>()
           from program in Enum.GetValues<ProgramKind>()
           from isRandomized in (bool[])[true, false]
           select new StartKind(kind, program, isRandomized, false, Small),
        .. from kind in Enum.GetValues<AddressSpaceKind>()
           from isLegacy in (bool[])[false, true]
           select new StartKind(kind, ProgramKind.PositionIndependent, true, isLegacy, isLegacy ? Small : Large),
    ];

    /// <summary>Whether its addresses have 64 bits.</summary>
    public bool Is64 => Kind == AddressSpaceKind.Bits64;

    /// <summary>The flags of personality(2). Source: Linux, include/uapi/linux/personality.h.</summary>
    public uint Personality => (IsRandomized ? 0 : NoRandomization) | (IsLegacy ? CompatibleLayout : 0)
        | (Kind == AddressSpaceKind.Bits32Of3GiB ? Limit3GiB : 0);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Kind}, {Program}{(IsRandomized ? "" : ", not randomized")}{(IsLegacy ? ", legacy" : "")}, "
        + $"mapping of {MappingSize >> 10} KiB";
}
