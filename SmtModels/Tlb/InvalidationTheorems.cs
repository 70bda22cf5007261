using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Tlb;

/// <summary>C5 to C7: exactly what each instruction that invalidates must drop, and when it is refused.</summary>
internal static class InvalidationTheorems
{
    private const ulong KeepBit = 1UL << 63;
    private const ulong PcidBits = 0xFFF;

    private static readonly CodeTasks<TlbScene> Tasks = new("tlb", subject => new(subject));

    public static IEnumerable<ProofTask> All =>
    [
        Tasks.Theorem(
            "C5",
            "INVLPG drops every entry of the page, of any size, current or global, and all partial walks of the PCID.",
            Page),
        Tasks.Witness(
            "C5'",
            "INVLPG drops every entry of the page, whatever its PCID.",
            scene => new(
                "any PCID",
                scene.IsKind(TlbCommandKind.InvalidatePage) & scene.IsCanonical(scene.Address)
                    & scene.Hits(scene.Address),
                scene.Invalidates().Translation)),
        Tasks.Witness(
            "C5''",
            "INVLPG drops an entry of the page also when the page is kept without the sign of its address.",
            scene => new(
                "zero-extended",
                scene.IsKind(TlbCommandKind.InvalidatePage) & scene.IsCanonical(scene.Address)
                    & scene.PcidOf(scene.Translation).Is(scene.Current) & scene.HitsWithin(48, scene.Address),
                scene.Invalidates().Translation)),
        Tasks.Theorem(
            "C6",
            "INVPCID drops what its type says and is refused as the manual says; types 0, 1, 3, 2 drop ever more.",
            Pcid),
        Tasks.Witness(
            "C6'",
            "INVPCID of type 0 drops every entry of its page and PCID, global ones as well.",
            scene => new(
                "global",
                scene.IsKind(TlbCommandKind.InvalidatePcid) & scene.IsType(InvpcidType.IndividualAddress)
                    & !scene.Refuses() & scene.Hits(scene.Named)
                    & scene.PcidOf(scene.Translation).Is(scene.Low.Bits(15, 0)),
                scene.Invalidates().Translation)),
        Tasks.Theorem(
            "C7",
            "MOV to CR3 drops the PCID of its operand, unless bit 63 is set; MOV to CR4 what its changed bits say.",
            Registers),
        Tasks.Witness(
            "C7'",
            "MOV to CR3 drops the PCID that was current before.",
            scene => new(
                "current",
                scene.IsKind(TlbCommandKind.MoveCr3) & !scene.Refuses() & scene.Cr3Operand.HasNone(KeepBit)
                    & !scene.IsGlobal & scene.PcidOf(scene.Translation).Is(scene.Current),
                scene.Invalidates().Translation)),
    ];

    private static IEnumerable<ProofStep> Page(TlbScene scene)
    {
        var asked = scene.IsKind(TlbCommandKind.InvalidatePage);
        scene.Assume(asked);
        var given = asked & scene.IsCanonical(scene.Address);
        var dropped = scene.Invalidates();
        yield return new("not refused", asked, !scene.Refuses());
        yield return new("not canonical", asked & !scene.IsCanonical(scene.Address), !dropped.IsAny);
        var ofPcid = scene.PcidOf(scene.Translation).Is(scene.Current);
        yield return new(
            "translations", given, dropped.Translation.Iff(scene.Hits(scene.Address) & (ofPcid | scene.IsGlobal)));
        yield return OfPcidAlone(scene, "partial walks", given, dropped, scene.Current);
    }

    // In the paging-structure caches: all of one PCID, and nothing else.
    private static ProofStep OfPcidAlone(TlbScene scene, string name, Fact given, Dropped dropped, Word pcid) => new(
        name,
        given,
        dropped.Partial.Iff(scene.PcidOf(scene.Partial).Is(pcid))
            & dropped.Table.Iff(scene.PcidOf(scene.Table).Is(pcid)));

    private static IEnumerable<ProofStep> Pcid(TlbScene scene)
    {
        scene.Assume(scene.IsKind(TlbCommandKind.InvalidatePcid));
        var ofPcid = scene.IsType(InvpcidType.IndividualAddress) | scene.IsType(InvpcidType.SingleContext);
        var refused = !WithType(scene, type => scene.IsType(type)) | scene.Low.HasAny(~PcidBits)
            | (ofPcid & scene.Low.HasAny(PcidBits) & !scene.HasPcids)
            | (scene.IsType(InvpcidType.IndividualAddress) & !scene.IsCanonical(scene.Named));
        yield return new("refused", scene.True, scene.Refuses().Iff(refused));

        scene.Assume(!refused);
        var named = scene.Low.Bits(15, 0);
        var dropped = scene.Invalidates();
        var translation = scene.PcidOf(scene.Translation).Is(named) & !scene.IsGlobal;
        Fact partial = scene.PcidOf(scene.Partial).Is(named), table = scene.PcidOf(scene.Table).Is(named);
        yield return OfType(
            InvpcidType.IndividualAddress,
            translation & scene.Hits(scene.Named), partial & scene.Serves(scene.Named), !scene.True);
        yield return OfType(InvpcidType.SingleContext, translation, partial, table);
        yield return OfType(InvpcidType.AllIncludingGlobal, scene.True, scene.True, scene.True);
        yield return OfType(InvpcidType.AllExceptGlobal, !scene.IsGlobal, scene.True, scene.True);

        // The types that name a PCID are refused more often: what is not refused for them is not for the others.
        scene.Assume(scene.IsType(InvpcidType.IndividualAddress));
        Dropped[] ever =
        [
            .. new[]
            {
                InvpcidType.IndividualAddress, InvpcidType.SingleContext,
                InvpcidType.AllExceptGlobal, InvpcidType.AllIncludingGlobal,
            }
            .Select(type => scene.Invalidates(scene.Command.With(["Type"], scene.Value((ulong)type, 64)))),
        ];
        yield return new(
            "ever more",
            scene.True,
            ever.Zip(ever.Skip(1), (less, more) => less.IsWithin(more)).Aggregate((a, b) => a & b));

        ProofStep OfType(InvpcidType type, Fact translations, Fact partials, Fact tables) => new(
            $"{type}",
            scene.IsType(type),
            dropped.Translation.Iff(translations) & dropped.Partial.Iff(partials) & dropped.Table.Iff(tables));
    }

    private static Fact WithType(TlbScene scene, Func<InvpcidType, Fact> what) =>
        Enum.GetValues<InvpcidType>().Select(what).Aggregate((a, b) => a | b);

    private static IEnumerable<ProofStep> Registers(TlbScene scene)
    {
        scene.Assume(scene.IsKind(TlbCommandKind.MoveCr3) | scene.IsKind(TlbCommandKind.MoveCr4));
        return Cr3(scene).Concat(Cr4(scene));
    }

    private static IEnumerable<ProofStep> Cr3(TlbScene scene)
    {
        var asked = scene.IsKind(TlbCommandKind.MoveCr3);
        var operand = scene.Cr3Operand;
        var address = scene.HasPcids.Choose(operand & ~KeepBit, operand);
        var beyond = address >> scene.WordOf(scene.Control, "MaxPhyAddr", "Bits").Widened(64);
        yield return new("CR3 refused", asked, scene.Refuses().Iff(!beyond.Is(0)));

        var given = asked & !scene.Refuses();
        var after = scene.WordOf(scene.Next(), "Cr3", "Value");
        yield return new("bit 63 not stored", given, after.Is(operand & ~KeepBit));

        var dropped = scene.Invalidates();
        yield return new("bit 63 keeps", given & operand.HasAny(KeepBit), !dropped.IsAny);
        var pcid = scene.HasPcids.Choose(operand.Bits(11, 0), scene.Number(0, 12)).Widened(16);
        yield return new(
            "CR3 translations",
            given & operand.HasNone(KeepBit),
            dropped.Translation.Iff(scene.PcidOf(scene.Translation).Is(pcid) & !scene.IsGlobal));
        yield return OfPcidAlone(scene, "CR3 partial walks", given & operand.HasNone(KeepBit), dropped, pcid);
    }

    private static IEnumerable<ProofStep> Cr4(TlbScene scene)
    {
        const ulong Everything = (ulong)Contract.Paging.Cr4.PageGlobalEnable;
        const ulong Pcids = (ulong)Contract.Paging.Cr4.ProcessContextIdentifiers;
        const ulong Execution = (ulong)Contract.Paging.Cr4.SupervisorExecutionPrevention;
        const ulong Mode = (ulong)(Contract.Paging.Cr4.PhysicalAddressExtension | Contract.Paging.Cr4.FiveLevelPaging);
        const ulong ShadowStacks = (ulong)Contract.Paging.Cr4.ControlFlowEnforcement;
        var asked = scene.IsKind(TlbCommandKind.MoveCr4);
        Word changed = scene.Cr4 ^ scene.Cr4Operand, set = changed & scene.Cr4Operand, cleared = changed & scene.Cr4;
        var refused = changed.HasAny(Mode) | (set.HasAny(Pcids) & scene.Cr3.HasAny(PcidBits))
            | (scene.Cr4Operand.HasAny(ShadowStacks)
                & scene.WordOf(scene.Control, "Cr0").HasNone((ulong)Cr0.WriteProtect));
        yield return new("CR4 refused", asked, scene.Refuses().Iff(refused));

        var given = asked & !refused;
        var everything = changed.HasAny(Everything) | cleared.HasAny(Pcids);
        var dropped = scene.Invalidates();
        yield return new("everything", given & everything, dropped.Translation & dropped.Partial & dropped.Table);
        var ofPcid = given & !everything & set.HasAny(Execution);
        yield return new(
            "SMEP", ofPcid, dropped.Translation.Iff(scene.PcidOf(scene.Translation).Is(scene.Current)));
        yield return OfPcidAlone(scene, "SMEP partial walks", ofPcid, dropped, scene.Current);
        yield return new("nothing else", given & !everything & set.HasNone(Execution), !dropped.IsAny);
    }
}
