namespace PageProof.Reality.Guest;

/// <summary>
/// Where everything lies in the physical memory of a guest, and how the guest sees it.
/// <code>
/// 0          TestedEnd        OwnEnd                  End
/// +----------+----------------+-----------------------+
/// | tested   | image | image  | case records          |
/// | memory   | 4 lev.| 5 lev. |                       |
/// +----------+----------------+-----------------------+
/// </code>
/// Linear addresses: one entry of the top table maps all of it for the supervisor, from
/// <see cref="Base"/> on, and the images once more for the user, from <see cref="UserBase"/> on.
/// </summary>
internal static class GuestLayout
{
    /// <summary>
    /// The tested memory, a multiple of 2 MiB, so that no large page maps it with the rest.
    /// </summary>
    public const int TestedEnd = 16 << 20;

    /// <summary>The end of the large page that holds the images.</summary>
    public const int OwnEnd = TestedEnd + (2 << 20);

    public const int RecordsStart = OwnEnd;
    public const int End = 96 << 20;

    /// <summary>A dull place in the top table: neither end, and in the lower half.</summary>
    public const int OwnTopIndex = 243;

    // Places within an image.
    public const int ImageSize = 1 << 20;
    public const int TopTable = 0x0000;
    public const int OwnPml4 = 0x1000;
    public const int OwnPointers = 0x2000;
    public const int SupervisorDirectory = 0x3000;
    public const int UserDirectory = 0x4000;
    public const int DescriptorTable = 0x5000;
    public const int TaskState = 0x5100;
    public const int InterruptTable = 0x5800;
    public const int StackTop = 0x7000;
    public const int BootBlock = 0x7000;
    public const int BootCode = 0x7100;
    public const int Code = 0x8000;

    public static ulong Image(int levels) => TestedEnd + (levels == 5 ? (ulong)ImageSize : 0);

    public static ulong Base(int levels) => (ulong)OwnTopIndex << (levels == 5 ? 48 : 39);

    public static ulong UserBase(int levels) => Base(levels) + (1UL << 30) - TestedEnd;

    /// <summary>The word by which a case's own top table comes to hold the guest.</summary>
    public static ulong OwnTopEntry(int levels) =>
        Image(levels) + (ulong)(levels == 5 ? OwnPml4 : OwnPointers) | OwnEntryBits;

    /// <summary>
    /// Present, writable, user, accessed: so that the guest's own accesses never change it.
    /// </summary>
    public const ulong OwnEntryBits = 0x27;
}
