using PageProof.Contract;
using PageProof.Contract.Hardening;

namespace PageProof.Spec.Hardening;

/// <summary>
/// The figures of random placement: how many places each region has, and where they begin.
/// <code>
///               64 bits                   32 bits                 moves by
///  stack        2^22 pages, 22 bits       2^11 pages, 11 bits     pages
///  pointer      8 KiB, 9 bits             8 KiB, 9 bits           16 bytes
///  mmap         mmap_rnd_bits, 28 to 32   compat bits, 8 to 16    pages
///  program      as mmap                   as mmap                 pages
///  heap         1 GiB, 18 bits            32 MiB, 13 bits         pages; before 6.9 always 32 MiB
///  entry area   2275474 places, 21 bits   the same                its size; before 6.2 none
/// </code>
/// Source: Linux, Documentation/admin-guide/sysctl/kernel.rst (randomize_va_space) and vm.rst (mmap_rnd_bits,
/// mmap_rnd_compat_bits, legacy_va_layout); arch/x86/Kconfig for the bounds of the bits; STACK_RND_MASK and
/// ELF_ET_DYN_BASE in arch/x86/include/asm/elf.h, COMPAT_ELF_ET_DYN_BASE in asm/compat.h, TASK_SIZE and
/// __TASK_UNMAPPED_BASE in asm/page_64_types.h and asm/processor.h.
/// </summary>
public static class AslrFormat
{
    /// <summary>The bytes of a page.</summary>
    public const ulong Page = 4096;

    /// <summary>The bytes of a large page.</summary>
    public const ulong LargePage = 2UL << 20;

    /// <summary>The bytes that stay free below a stack that has grown to its limit (stack_guard_gap).</summary>
    public const ulong Guard = 256 * Page;

    /// <summary>The bytes of the entry area of a CPU, as distributions build it.</summary>
    public const ulong EntryAreaSize = 59 * Page;

    /// <summary>Where entry areas begin: the tables common to all CPUs, a page, lie before them.</summary>
    public const ulong EntryAreas = 0xFFFF_FE00_0000_0000;

    private const ulong GapLeast = 128UL << 20;

    /// <summary>Behind the last address of a process. Five levels give more only to who asks for it.</summary>
    public static ulong Top(AddressSpaceKind kind) => kind switch
    {
        AddressSpaceKind.Bits64 => 0x7FFF_FFFF_F000,
        AddressSpaceKind.Bits32 => 0xFFFF_E000,
        _ => 0xC000_0000,
    };

    /// <summary>How many pages the stack may be moved by.</summary>
    public static ulong StackPages(AddressSpaceKind kind) =>
        kind == AddressSpaceKind.Bits64 ? 1UL << 22 : 1UL << 11;

    /// <summary>
    /// How many pages the heap may be moved by: 32 MiB, and 1 GiB for 64 bits since 6.9.
    /// Source: arch_randomize_brk in arch/x86/kernel/process.c, commit 44c76825d6ee.
    /// </summary>
    public static ulong HeapPages(in LayoutRequest request) =>
        request.Kind == AddressSpaceKind.Bits64 && Since(request, 6, 9) ? 1UL << 18 : 1UL << 13;

    /// <summary>Where a program is that says so itself, as linkers have it.</summary>
    public static ulong Linked(AddressSpaceKind kind) =>
        kind == AddressSpaceKind.Bits64 ? 0x40_0000UL : 0x0804_8000;

    /// <summary>
    /// Where position-independent programs begin: at two thirds of the address space, and in 32 bits 16 MiB
    /// above its third.
    /// </summary>
    public static ulong Independent(AddressSpaceKind kind) => kind == AddressSpaceKind.Bits64
        ? Top(kind) / 3 * 2
        : Third(kind) + (16UL << 20);

    /// <summary>Where mappings go up from in the legacy layout.</summary>
    public static ulong Third(AddressSpaceKind kind) => PageUp(Top(kind) / 3);

    /// <summary>
    /// What is left for the stack above the mappings: its limit, as far as it is moved, and the guard; at
    /// least 128 MiB, and at most five sixths of all. What would overflow is the limit alone.
    /// Source: mmap_base and stack_maxrandom_size in arch/x86/mm/mmap.c.
    /// </summary>
    public static ulong Gap(in LayoutRequest request)
    {
        ulong limit = request.StackLimit.Value;
        ulong moved = request.Level == AslrLevel.Off ? 0 : (StackPages(request.Kind) - 1) * Page;
        ulong wanted = limit + moved + Guard > limit ? limit + moved + Guard : limit;
        ulong most = Top(request.Kind) / 6 * 5;
        return wanted < GapLeast ? GapLeast : wanted > most ? most : wanted;
    }

    /// <summary>Whether the kernel is of this version or a later one.</summary>
    public static bool Since(in LayoutRequest request, byte major, byte minor) =>
        request.Kernel.Major > major || (request.Kernel.Major == major && request.Kernel.Minor >= minor);

    /// <summary>The next multiple of a page.</summary>
    public static ulong PageUp(ulong address) => (address + Page - 1) / Page * Page;

    /// <summary>Behind the last page of the stack: the page of the first bytes that it holds.</summary>
    public static LinearAddress StackEnd(LinearAddress stackPointer) => new(PageUp(stackPointer.Value));
}
