using System.Diagnostics;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Properties.Harness;
using PageProof.Spec.Paging;

namespace PageProof.Properties.Paging;

/// <summary>
/// The exhaustive law of permissions: every combination of the bits that decide a right, in the top
/// entry, in the entry above the leaf and in the leaf, under every control state that matters, for
/// every kind of access, each put to a translator and to the Spec.
/// <code>
/// control   CR0.WP, CR4.{SMEP, SMAP, PKE, CET}, EFER.NXE, 4 or 5 levels; CET only with WP
/// page      4 KiB, 2 MiB, 1 GiB
/// top       R/W, U/S, XD
/// parent    R/W, U/S, XD
/// leaf      R/W, U/S, XD, D
/// key       AD, WD of the page's key
/// access    CPL 0..3, EFLAGS.AC; reads and writes also implicit; shadow-stack accesses under CET
/// </code>
/// </summary>
public sealed class PermissionProduct
{
    private const string Name = "every combination of rights is judged as the Spec judges it";
    private const int ControlBits = 7;
    private const int TableBits = 12;
    private const ulong TopFrame = 0x1000;
    private const ulong LeafFrame = 0x4000_0000;
    private const int Key = 9;

    private static readonly PageSize[] Sizes = [PageSize.Size4K, PageSize.Size2M, PageSize.Size1G];
    private static readonly Access[] Ordinary = [.. Accesses(shadowStack: false)];
    private static readonly Access[] WithShadowStack = [.. Ordinary, .. Accesses(shadowStack: true)];

    // A leaf and the entries above it; the middle ones of a long walk permit everything.
    private static readonly LinearAddress Address = new(0x0000_0040_2010_0ABC);

    /// <summary>The legal control states, in the order in which they are gone through.</summary>
    public static IReadOnlyList<ControlState> Controls { get; } =
        [.. Enumerable.Range(0, 1 << ControlBits).Select(ControlOf).Where(IsLegal)];

    /// <summary>How many cases the whole product has.</summary>
    public static long Count => Controls.Sum(CountOf);

    /// <summary>Puts the cases of the control states to the system, several at a time.</summary>
    public static CheckReport Run(
        ISystem system, IReadOnlyList<ControlState> controls, int workers, Action<long>? progress = null)
    {
        var clock = Stopwatch.StartNew();
        long done = 0;
        object gate = new();
        (int Control, CheckFailure Failure)? first = null;
        Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, worker =>
        {
            using var translator = Doors.Translator(system);
            for (int control = worker; control < controls.Count; control += workers)
            {
                var failure = RunOne(translator, controls[control]);
                lock (gate)
                {
                    done += CountOf(controls[control]);
                    progress?.Invoke(done);
                    if (failure is not null && (first is null || control < first.Value.Control))
                    {
                        first = (control, failure);
                    }
                }

                if (failure is not null)
                {
                    return;
                }
            }
        });
        return new(Name, system.Name, 0, done, clock.Elapsed, first?.Failure);
    }

    private static CheckFailure? RunOne(ITranslator translator, ControlState control)
    {
        var accesses = AccessesUnder(control);
        var cases = new TranslationCase[accesses.Length];
        var answers = new TranslationAnswer[accesses.Length];
        for (int place = 0; place < accesses.Length; place++)
        {
            cases[place].Access = accesses[place] with { Address = Address };
            cases[place].Memory = new(16UL << 20);
        }

        long index = 0;
        foreach (var size in Sizes)
        {
            for (int bits = 0; bits < 1 << TableBits; bits++)
            {
                Build(cases, control, size, bits);
                foreach (ref var answer in answers.AsSpan())
                {
                    answer.Outcome = default;
                }

                translator.Translate(cases, answers);
                for (int place = 0; place < cases.Length; place++, index++)
                {
                    var end = TranslationSpec.Walk(cases[place]);
                    if (Disagreement.Of(cases[place], end, answers[place]) is not null)
                    {
                        string story = TranslationStory.Tell(cases[place], end, answers[place]);
                        return new(index, story, CaseText.Print(cases[place]), 0);
                    }
                }
            }
        }

        return null;
    }

    // All accesses to one set of tables.
    private static void Build(TranslationCase[] cases, ControlState control, PageSize size, int bits)
    {
        int levels = EntryFormat.LevelsOf(control);
        int leafLevel = ((int)size - 12) / 9 + 1;
        uint pkru = (uint)(bits >> 10 & 3) << 2 * Key;
        ControlState stated = control with { Pkru = new(pkru) };
        cases[0].Clear();
        cases[0].Control = stated;
        PhysicalAddress table = new(TopFrame);
        for (int level = levels; level >= leafLevel; level--)
        {
            bool leaf = level == leafLevel;
            int rights = leaf ? bits >> 6 & 7 : level == levels ? bits & 7
                : level == leafLevel + 1 ? bits >> 3 & 7 : 3;
            ulong entry = Entry(rights) | (leaf
                ? LeafFrame | (ulong)Key << 59 | (level > 1 ? (ulong)EntryBit.PageSize : 0)
                    | ((bits >> 9 & 1) != 0 ? (ulong)EntryBit.Dirty : 0)
                : table.Value + 0x1000);
            cases[0].Set(EntryFormat.EntryAddress(table, Address, level), new(entry));
            table = new(table.Value + 0x1000);
        }

        for (int place = 1; place < cases.Length; place++)
        {
            CopyTables(cases[0], ref cases[place]);
        }
    }

    private static void CopyTables(in TranslationCase from, ref TranslationCase to)
    {
        to.Control = from.Control;
        to.Clear();
        foreach (ref readonly var word in from.Words)
        {
            to.Set(word.Address, word.Entry);
        }
    }

    // Bit 0 is R/W, bit 1 is U/S, bit 2 is XD.
    private static ulong Entry(int rights) =>
        (ulong)EntryBit.Present | (ulong)(rights & 3) << 1 | (ulong)(rights >> 2) << 63;

    private static ControlState ControlOf(int bits) => ControlState.LongMode with
    {
        Cr0 = Flag(bits, 0) ? Cr0.WriteProtect : Cr0.None,
        Cr3 = new(TopFrame),
        Cr4 = Cr4.PhysicalAddressExtension
            | (Flag(bits, 1) ? Cr4.SupervisorExecutionPrevention : 0)
            | (Flag(bits, 2) ? Cr4.SupervisorAccessPrevention : 0)
            | (Flag(bits, 3) ? Cr4.ProtectionKeys : 0)
            | (Flag(bits, 4) ? Cr4.ControlFlowEnforcement : 0)
            | (Flag(bits, 5) ? Cr4.FiveLevelPaging : 0),
        Efer = Efer.LongModeEnable | (Flag(bits, 6) ? Efer.NoExecuteEnable : 0),
        HasGigabytePages = true,
    };

    private static bool IsLegal(ControlState control) =>
        control.Cr0.HasFlag(Cr0.WriteProtect) || !control.Cr4.HasFlag(Cr4.ControlFlowEnforcement);

    private static bool Flag(int bits, int bit) => (bits >> bit & 1) != 0;

    private static long CountOf(ControlState control) =>
        (long)Sizes.Length * (1 << TableBits) * AccessesUnder(control).Length;

    private static Access[] AccessesUnder(ControlState control) =>
        control.Cr4.HasFlag(Cr4.ControlFlowEnforcement) ? WithShadowStack : Ordinary;

    private static IEnumerable<Access> Accesses(bool shadowStack) =>
        from kind in Enum.GetValues<AccessKind>()
        where shadowStack == kind is AccessKind.ShadowStackRead or AccessKind.ShadowStackWrite
        from cpl in Enum.GetValues<PrivilegeLevel>()
        from alignmentCheck in new[] { false, true }
        from isImplicit in kind is AccessKind.Read or AccessKind.Write ? new[] { false, true } : [false]
        select new Access(Address, kind, cpl, alignmentCheck, isImplicit);
}
