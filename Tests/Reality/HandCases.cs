using PageProof.Contract.Paging;
using static PageProof.Contract.Paging.AccessKind;
using Code = PageProof.Contract.Paging.PageFaultCode;

namespace PageProof.Tests.Reality;

/// <summary>
/// At least one case of each kind that a walk can end in, small enough to be read.
/// </summary>
internal static class HandCases
{
    private const ulong Low = 0x0000_1234_5678_9ab8;
    private const ulong High = 0xffff_9234_5678_9ab8;
    private const ulong User = (ulong)EntryBit.User;
    private const ulong Writable = (ulong)EntryBit.Writable;
    private const ulong Large = (ulong)EntryBit.PageSize;
    private const ulong Global = (ulong)EntryBit.Global;
    private const ulong Table = HandCase.Table;
    private const ulong Page = HandCase.Page;

    public static IEnumerable<HandCase> All =>
    [
        .. Sizes, .. Presence, .. Permissions, .. Supervisor, .. Keys, .. Canonical, .. Memory,
    ];

    private static IEnumerable<HandCase> Sizes =>
    [
        new HandCase("4 KiB read").At(Low, Read, 3).Small().Reaches(Page + 0xab8),
        new HandCase("4 KiB write").At(Low, Write, 3).Small().Reaches(Page + 0xab8),
        new HandCase("4 KiB fetch").At(Low, Fetch, 3).Small().Reaches(Page + 0xab8),
        new HandCase("4 KiB high write").At(High, Write, 0).Small().Reaches(Page + 0xab8),
        new HandCase("4 KiB high fetch").At(High, Fetch, 0).Small().Reaches(Page + 0xab8),
        new HandCase("2 MiB write").At(Low, Write, 3).Path(Page | Table | Large, Table, Table)
            .Reaches(Page + 0x18_9ab8),
        new HandCase("2 MiB with PAT").At(Low, Read, 0)
            .Path(Page | Table | Large | 0x1000, Table, Table)
            .Reaches(Page + 0x18_9ab8),
        new HandCase("1 GiB read").WithGigabytePages().At(0x1234_4012_3458, Read, 3).Path(Table | Large, Table)
            .Reaches(0x12_3458),
        new HandCase("1 GiB write").WithGigabytePages().At(0x1234_4012_3458, Write, 0).Path(Table | Large, Table)
            .Reaches(0x12_3458),
        new HandCase("global 4 KiB").With(Cr4.PageGlobalEnable).At(Low, Read, 3)
            .Small(Table | Global).Reaches(Page + 0xab8),
        new HandCase("another page where a global one was").With(Cr4.PageGlobalEnable)
            .At(Low, Read, 3)
            .Path(2 * Page | Table | Global, Table, Table, Table).Reaches(2 * Page + 0xab8),
        new HandCase("five levels").With(Cr4.FiveLevelPaging).At(0x00ab_9234_5678_9ab8, Write, 3)
            .Path(Page | Table, Table, Table, Table, Table).Reaches(Page + 0xab8),
        new HandCase("five levels, fetch").With(Cr4.FiveLevelPaging)
            .At(0xff01_2345_5678_9ab8, Fetch, 0)
            .Path(Page | Table | Large, Table, Table, Table).Reaches(Page + 0x18_9ab8),
        new HandCase("page in the firmware's place").At(Low, Write, 0)
            .Path(0xf_f000 | Table, Table, Table, Table)
            .Reaches(0xf_fab8),
    ];

    private static IEnumerable<HandCase> Presence =>
    [
        new HandCase("top not present").At(Low, Read, 3).Path(Table & ~1UL).Faults(Code.User),
        new HandCase("directory not present").At(Low, Write, 0).Path(Table & ~1UL, Table, Table)
            .Faults(Code.Write),
        new HandCase("leaf not present").At(Low, Read, 0).Small(0).Faults(Code.None),
        new HandCase("no entry listed").At(Low, Fetch, 3).Faults(Code.User),
        new HandCase("fetch with NXE, not present").Nxe().At(Low, Fetch, 3).Small(0)
            .Faults(Code.User | Code.Fetch),
        new HandCase("address beyond the width").At(Low, Read, 0).Small(Table | 1UL << 45)
            .Faults(Code.Reserved | Code.Present),
        new HandCase("XD without NXE").At(Low, Write, 3).Small(Table | HandCase.Xd)
            .Faults(Code.Reserved | Code.Present | Code.Write | Code.User),
        new HandCase("large top").At(Low, Read, 3).Path(Table | Large, Table, Table, Table)
            .Word(HandCase.Top + 8 * (Low >> 39), HandCase.Top + 0x1000 | Table | Large)
            .Faults(Code.Reserved | Code.Present | Code.User),
        new HandCase("bit 13 of a 2 MiB page").At(Low, Read, 3)
            .Path(Page | Table | Large | 0x2000, Table, Table)
            .Faults(Code.Reserved | Code.Present | Code.User),
    ];

    private static IEnumerable<HandCase> Permissions =>
    [
        new HandCase("user reads supervisor page").At(Low, Read, 3).Small(Table & ~User)
            .Faults(Code.Present | Code.User),
        new HandCase("user reads below a supervisor table").At(Low, Read, 3)
            .Path(Page | Table, Table, Table & ~User, Table)
            .Faults(Code.Present | Code.User),
        new HandCase("user writes read-only page").At(Low, Write, 3).Small(Table & ~Writable)
            .Faults(Code.Present | Code.Write | Code.User),
        new HandCase("supervisor writes read-only page").At(Low, Write, 0).Small(Table & ~Writable)
            .Reaches(Page + 0xab8),
        new HandCase("the same with WP").With(Cr0.WriteProtect).At(Low, Write, 0)
            .Small(Table & ~Writable).Faults(Code.Present | Code.Write),
        new HandCase("user fetches from XD page").Nxe().At(Low, Fetch, 3)
            .Small(Table | HandCase.Xd).Faults(Code.Present | Code.User | Code.Fetch),
        new HandCase("supervisor fetches below an XD table").Nxe().At(Low, Fetch, 0)
            .Path(Page | Table, Table, Table | HandCase.Xd, Table).Faults(Code.Present | Code.Fetch),
        new HandCase("user reads XD page").Nxe().At(Low, Read, 3)
            .Small(Table | HandCase.Xd).Reaches(Page + 0xab8),
    ];

    private static IEnumerable<HandCase> Supervisor =>
    [
        new HandCase("SMEP").Smep().At(Low, Fetch, 0)
            .Small().Faults(Code.Present | Code.Fetch),
        new HandCase("SMEP, supervisor page").Smep().At(Low, Fetch, 0)
            .Small(Table & ~User).Reaches(Page + 0xab8),
        new HandCase("SMEP, user").Smep().At(Low, Fetch, 3)
            .Small().Reaches(Page + 0xab8),
        new HandCase("SMAP").Smap().At(Low, Read, 0)
            .Small().Faults(Code.Present),
        new HandCase("SMAP, write").Smap().At(Low, Write, 0)
            .Small().Faults(Code.Present | Code.Write),
        new HandCase("SMAP with AC").Smap().At(Low, Read, 0, ac: true)
            .Small().Reaches(Page + 0xab8),
        new HandCase("SMAP with AC, write").Smap().At(Low, Write, 0, ac: true)
            .Small().Reaches(Page + 0xab8),
        new HandCase("SMAP and user with AC").Smap().At(Low, Write, 3, ac: true)
            .Small().Reaches(Page + 0xab8),
    ];

    private static IEnumerable<HandCase> Keys =>
    [
        Keyed("key forbids access", 0b01, Read, 3)
            .Faults(Code.Present | Code.User | Code.ProtectionKey),
        Keyed("key forbids writes", 0b10, Write, 3)
            .Faults(Code.Present | Code.User | Code.Write | Code.ProtectionKey),
        Keyed("key forbids writes, supervisor without WP", 0b10, Write, 0).Reaches(Page + 0xab8),
        Keyed("key forbids writes, read", 0b10, Read, 3).Reaches(Page + 0xab8),
        Keyed("keys do not forbid fetches", 0b11, Fetch, 3).Reaches(Page + 0xab8),
        Keyed("key forbids the supervisor, too", 0b01, Read, 0)
            .Faults(Code.Present | Code.ProtectionKey),
    ];

    private static IEnumerable<HandCase> Canonical =>
    [
        new HandCase("not canonical").At(0x0000_8000_0000_0000, Read, 3).IsNotCanonical(),
        new HandCase("not canonical, write").At(0xffff_7fff_ffff_fff8, Write, 0).IsNotCanonical(),
        new HandCase("not canonical, fetch").At(0x8000_0000_0000_0000, Fetch, 0).IsNotCanonical(),
        new HandCase("not canonical, fetch by the user").At(0x1234_0000_0000_0000, Fetch, 3)
            .IsNotCanonical(),
        new HandCase("not canonical, five levels").With(Cr4.FiveLevelPaging)
            .At(0x0100_0000_0000_0000, Read, 0).IsNotCanonical(),
        new HandCase("not canonical, stack").At(0x8000_0000_0000_0000, Read, 3, stack: true)
            .IsNotCanonical(),
        new HandCase("not canonical, stack write").At(0x8000_0000_0000_0000, Write, 0, stack: true)
            .IsNotCanonical(),
        new HandCase("stack").At(Low, Write, 3, stack: true).Small().Reaches(Page + 0xab8),
    ];

    /// <summary>Where tables are read or lie next to what is written.</summary>
    private static IEnumerable<HandCase> Memory =>
    [
        new HandCase("the top table maps itself").At(0xffff_ffff_ffff_f008, Read, 0)
            .Word(HandCase.Top + 8 * 511, HandCase.Top | Table | (ulong)(EntryBit.Accessed | EntryBit.Dirty))
            .Reaches(HandCase.Top + 8),
        new HandCase("the top table maps itself, read of the entry")
            .At(0xffff_ffff_ffff_fff8, Read, 0)
            .Word(HandCase.Top + 8 * 511, HandCase.Top | Table | (ulong)EntryBit.Accessed)
            .Reaches(HandCase.Top + 8 * 511),
        new HandCase("write next to a listed word").At(Low, Write, 0).Small()
            .Word(Page + 0xab0, 0x1234_5678_9abc_def0).Reaches(Page + 0xab8),
        new HandCase("write next to a word that lies about its place").At(Low, Write, 0)
            .Small().Word(Page + 0xab0, 0x1234_5006).Reaches(Page + 0xab8),
        new HandCase("read of a listed word").At(Low, Read, 3).Small()
            .Word(Page + 0xab8, 0xfeed_face_cafe_beef).Reaches(Page + 0xab8),
    ];

    private static HandCase Keyed(string name, uint rights, AccessKind kind, int cpl) => new HandCase(name
            )
        .With(Cr4.ProtectionKeys).With(control => control with { Pkru = new(rights << 10) })
        .At(Low, kind, cpl).Small(Table | 5UL << 59);
}
