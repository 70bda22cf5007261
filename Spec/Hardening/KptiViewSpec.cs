using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Spec.PageTables;
using PageProof.Spec.Paging;

namespace PageProof.Spec.Hardening;

/// <summary>
/// What each of the two tables of a process may lead to, and what CR3 may hold. User mode sees its own pages
/// and the entry set, and no other page of the kernel; the kernel sees all, and can fetch nothing that is the
/// user's. A page is global only where both tables have it alike, since a global translation serves both.
/// Source: Linux, Documentation/arch/x86/pti.rst and arch/x86/mm/pti.c; Intel SDM vol. 3A, 4.10.2.4.
/// </summary>
public static class KptiViewSpec
{
    /// <summary>The pages that a CPU reaches where it runs now.</summary>
    public static ImmutableArray<MappedPage> Of(KptiState state, KptiCpuState cpu) =>
        cpu.InUser ? OfUser(state, state.On(cpu)!) : OfKernel(state, state.On(cpu));

    /// <summary>The pages of the user's table.</summary>
    public static ImmutableArray<MappedPage> OfUser(KptiState state, KptiProcess process) =>
        [.. process.Pages, .. state.Start.Entry];

    /// <summary>The pages of the kernel's table; without a process, of the kernel alone.</summary>
    public static ImmutableArray<MappedPage> OfKernel(KptiState state, KptiProcess? process) =>
        [.. (process?.Pages ?? []).Select(WithoutFetches), .. state.Kernel, .. state.Start.Entry];

    /// <summary>Why the tables of a process are not as they must be; null when they are.</summary>
    public static string? Refusal(KptiState state, ProcessNumber number, PageTree kernel, PageTree user)
    {
        var process = state.Processes[number.Value]!;
        string? wrong = Difference(OfUser(state, process), user) ?? Difference(OfKernel(state, process), kernel);
        return wrong is null ? null : $"{number}: {wrong}";
    }

    /// <summary>Why CR3 is not what it must be; null when it is.</summary>
    public static string? Refusal(KptiState state, KptiCpuState cpu, Cr3 cr3, PhysicalAddress? top)
    {
        bool hasPcids = EntryFormat.Has(state.Start.Control, Cr4.ProcessContextIdentifiers);
        Pcid pcid = new((ushort)(cr3.Value & Pcid.Most));
        if (top is not { } kernelTop)
        {
            return pcid.Value == 0 ? null : $"the kernel's own address space has PCID {pcid}";
        }

        PhysicalAddress wanted = cpu.InUser ? KptiFormat.UserTop(kernelTop) : kernelTop;
        if (KptiFormat.KernelTop(kernelTop) != kernelTop || EntryFormat.TopTable(cr3) != wanted)
        {
            return $"CR3 is {cr3}, and the table of this side is {wanted}";
        }

        // Any ASID will do whose PCID of this side it is.
        bool isPcid = Enumerable.Range(0, Asid.Most + 1).Select(number => new Asid((ushort)number))
            .Any(asid => pcid == (cpu.InUser ? KptiFormat.UserPcid(asid) : KptiFormat.KernelPcid(asid)));
        return isPcid == hasPcids && (hasPcids || pcid.Value == 0) ? null : $"CR3 is {cr3}, of which the PCID is wrong";
    }

    /// <summary>Whether an access may end so under the tables of this side (4.6, 4.7).</summary>
    public static bool Permits(KptiState state, KptiCpuState cpu, in Access access, in TranslationOutcome answer)
    {
        TranslationOutcome walk = EditSpec.Walk(state.Start.Control, Of(state, cpu), access);

        // D and rights are those with which the translation was cached (4.10.2.3): a page that was given more
        // rights needs no flush, as FlushSpec says.
        bool isWeaker = (answer.Rights & ~walk.Rights) == PageRights.None
            && (answer.Rights & PageRights.User) == (walk.Rights & PageRights.User);
        return walk.Kind == answer.Kind && walk.Address == answer.Address && walk.Code == answer.Code
            && walk.FaultAddress == answer.FaultAddress && walk.Size == answer.Size && isWeaker
            && walk.Global == answer.Global && walk.Key == answer.Key && walk.Type == answer.Type;
    }

    private static string? Difference(ImmutableArray<MappedPage> wanted, PageTree shown)
    {
        foreach (var page in Plain(shown.Pages).Except(Plain(wanted)))
        {
            return $"{page} is reached, and must not be so";
        }

        foreach (var page in Plain(wanted).Except(Plain(shown.Pages)))
        {
            return $"{page} is not reached";
        }

        return null;
    }

    // Each side may have marked its own entries.
    private static IEnumerable<MappedPage> Plain(ImmutableArray<MappedPage> pages) => pages.Select(Plain);

    private static MappedPage Plain(MappedPage page) =>
        page with { Mapping = page.Mapping with { Accessed = false, Dirty = false } };

    private static MappedPage WithoutFetches(MappedPage page) =>
        page with { Mapping = page.Mapping with { Rights = page.Mapping.Rights & ~PageRights.Execute } };
}
