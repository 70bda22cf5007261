using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Implementation;
using PageProof.Properties.Hardening;
using PageProof.Properties.Harness;
using PageProof.Spec.Hardening;

namespace PageProof.Tests.Hardening;

/// <summary>
/// A kernel that does all as it must and tells one thing otherwise is refuted, by the sentence that says which: of
/// every answer, register and table something is looked at.
/// </summary>
[InLane("hardening")]
public sealed class KptiLieTests
{
    private const int Cases = 3_000;
    private const ulong NoExecute = 1UL << 63;
    private const PageRights Most = PageRights.Write | PageRights.Execute;

    private static readonly Dictionary<string, (Lie Lie, string Sentence)> All =
        ((Dictionary<string, (Lie Lie, string Sentence)>[])[OfAccesses(), OfCosts(), OfRegisters(), OfTables()])
        .SelectMany(some => some).ToDictionary();

    public static TheoryData<string> Lies => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Lies))]
    public void Who_tells_one_thing_otherwise_is_refuted(string name)
    {
        var (lie, sentence) = All[name];
        using ImplementationSystem implementation = new();
        var report = KptiAgreementLaw.Run(new LyingSystem(implementation, lie), 1, RunLength.Of(Cases), 1);
        Assert.NotNull(report.Failure);
        Assert.Contains(sentence, report.Failure.Story, StringComparison.Ordinal);
    }

    private static Dictionary<string, (Lie Lie, string Sentence)> OfAccesses()
    {
        const string Sentence = "the access ends so";
        return new()
        {
            ["what is possible is refused"] = (new() { Answer = Refused }, "the command is "),
            ["an access ends elsewhere"] = (Walk(walk => With(walk, address: new(walk.Address.Value + 1))), Sentence),
            ["a page is larger"] = (Walk(walk => With(walk, size: walk.Size == PageSize.Size4K
                ? PageSize.Size2M : PageSize.Size4K)), Sentence),
            ["a page of the user is the kernel's"] =
                (Walk(walk => With(walk, rights: walk.Rights ^ PageRights.User)), Sentence),
            ["a page has each right"] = (Walk(walk => With(walk, rights: walk.Rights | Most)), Sentence),
            ["a page is global"] = (Walk(walk => With(walk, global: !walk.Global)), Sentence),
            ["a page has another key"] =
                (Walk(walk => With(walk, key: new((byte)(walk.Key.Value ^ 1)))), Sentence),
            ["a page has another type"] = (Walk(walk => With(walk, type: walk.Type == MemoryType.WriteBack
                ? MemoryType.Uncacheable : MemoryType.WriteBack)), Sentence),
            ["a fault has another code"] = (Fault(walk => TranslationOutcome.PageFault(
                walk.Code ^ PageFaultCode.Present, walk.FaultAddress)), Sentence),
            ["a fault is elsewhere"] = (Fault(walk => TranslationOutcome.PageFault(
                walk.Code, new(walk.FaultAddress.Value ^ 1))), Sentence),
        };
    }

    private static Dictionary<string, (Lie Lie, string Sentence)> OfCosts()
    {
        const string Sentence = "a switch is one write of CR3, and this is ";
        return new()
        {
            ["a switch writes CR3 twice"] = (Cost(cost => cost with { Cr3Writes = cost.Cr3Writes + 1 }), Sentence),
            ["a switch copies an entry"] =
                (Cost(cost => cost with { EntriesCopied = cost.EntriesCopied + 1 }), Sentence),
            ["a switch flushes a PCID"] = (Cost(cost => cost with { PcidFlushes = cost.PcidFlushes + 1 }),
                "this switch owes no flush, and has "),
        };
    }

    private static Dictionary<string, (Lie Lie, string Sentence)> OfRegisters() => new()
    {
        ["CR3 has the table of the other side"] = (new() { Cr3 = cr3 => new(cr3.Value ^ 0x1000) }, "CR3 is "),
        ["CR3 has another table"] = (new() { Cr3 = cr3 => new(cr3.Value ^ 0x10_0000) }, "CR3 is "),
        ["CR3 has the PCID of the other side"] = (new()
        {
            Cr3 = cr3 => new((cr3.Value & 0xFFF) != 0 ? cr3.Value ^ 0x800 : cr3.Value),
        }, "of which the PCID is wrong"),
        ["CR3 has PCID 0 of an address space"] =
            (new() { Cr3 = cr3 => new(cr3.Value & ~0xFFFUL) }, "of which the PCID is wrong"),
        ["the kernel itself has a PCID"] =
            (new() { Cr3 = cr3 => new(cr3.Value | 5) }, "the kernel's own address space has PCID "),
    };

    private static Dictionary<string, (Lie Lie, string Sentence)> OfTables() => new()
    {
        ["entries of the user's table are missing"] =
            (new() { OfUser = true, Entry = _ => default }, " is not reached"),
        ["entries of the kernel's table are missing"] = (new() { Entry = _ => default }, " is not reached"),
        ["the kernel may fetch what is the user's"] =
            (new() { Entry = entry => new(entry.Value & ~NoExecute) }, " is reached, and must not be so"),
        ["the user may fetch nothing"] =
            (new() { OfUser = true, Entry = entry => new(entry.Value | NoExecute) }, " is reached, and must not be so"),
    };

    private static KptiAnswer Refused(KptiAnswer answer) => answer with
    {
        Outcome = answer.Outcome == KptiOutcome.Done ? KptiOutcome.Refused : KptiOutcome.Done,
    };

    private static Lie Walk(Func<TranslationOutcome, TranslationOutcome> change) => new()
    {
        Answer = answer => answer.Walk.Kind == OutcomeKind.Translated
            ? answer with { Walk = change(answer.Walk) } : answer,
    };

    private static Lie Fault(Func<TranslationOutcome, TranslationOutcome> change) => new()
    {
        Answer = answer => answer.Walk.Kind == OutcomeKind.PageFault
            ? answer with { Walk = change(answer.Walk) } : answer,
    };

    private static Lie Cost(Func<KptiCost, KptiCost> change) => new()
    {
        Answer = answer => answer with { Cost = change(answer.Cost) },
    };

    private static TranslationOutcome With(
        TranslationOutcome walk,
        PhysicalAddress? address = null,
        PageSize? size = null,
        PageRights? rights = null,
        bool? global = null,
        ProtectionKey? key = null,
        MemoryType? type = null) => TranslationOutcome.Translated(
            address ?? walk.Address,
            size ?? walk.Size,
            rights ?? walk.Rights,
            global ?? walk.Global,
            walk.Dirty,
            key ?? walk.Key,
            type ?? walk.Type);

    /// <summary>What is told otherwise than it is.</summary>
    private sealed record Lie
    {
        public Func<KptiAnswer, KptiAnswer> Answer { get; init; } = answer => answer;

        public Func<Cr3, Cr3> Cr3 { get; init; } = cr3 => cr3;

        public Func<PagingEntry, PagingEntry> Entry { get; init; } = entry => entry;

        /// <summary>Whether the entries of the user's top tables are told so, and not those of the kernel's.</summary>
        public bool OfUser { get; init; }
    }

    private sealed class LyingSystem(ISystem honest, Lie lie) : ISystem
    {
        public string Name => "lying";

        public ITranslator? OpenTranslator() => null;

        public IKpti? OpenKpti() => new LyingKernel(honest.OpenKpti()!, lie);

        public void Dispose()
        {
        }
    }

    private sealed class LyingKernel(IKpti honest, Lie lie) : IKpti
    {
        private readonly HashSet<ulong> _tops = [];

        public KptiCapabilities Capabilities => honest.Capabilities;

        public void Reset(KptiStart start)
        {
            _tops.Clear();
            honest.Reset(start);
        }

        public KptiAnswer Do(in KptiCommand command) => lie.Answer(honest.Do(command));

        public Cr3 Cr3Of(CpuNumber cpu) => lie.Cr3(honest.Cr3Of(cpu));

        public PhysicalAddress TopOf(ProcessNumber process)
        {
            var top = honest.TopOf(process);
            _tops.Add((lie.OfUser ? KptiFormat.UserTop(top) : top).Value);
            return top;
        }

        public bool TryShow(PhysicalAddress table, Span<PagingEntry> entries)
        {
            bool shows = honest.TryShow(table, entries);
            for (int index = 0; shows && _tops.Contains(table.Value) && index < entries.Length; index++)
            {
                entries[index] = (entries[index].Value & 1) != 0 ? lie.Entry(entries[index]) : entries[index];
            }

            return shows;
        }

        public void Dispose() => honest.Dispose();
    }
}
