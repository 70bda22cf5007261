namespace PageProof.SmtModels.Tlb;

/// <summary>The names by which the compiled methods of TLBs are found.</summary>
public static class TlbMethods
{
    public const string Refuses = "tlb.spec.refuses";
    public const string Next = "tlb.spec.next";
    public const string Invalidates = "tlb.spec.invalidates";
    public const string DropsTranslation = "tlb.spec.dropsTranslation";
    public const string DropsPartial = "tlb.spec.dropsPartial";
    public const string DropsTable = "tlb.spec.dropsTable";

    public const string CpuRefuses = "tlb.cpu.refuses";
    public const string CpuNext = "tlb.cpu.next";
    public const string CpuKeepsTranslation = "tlb.cpu.keepsTranslation";
    public const string CpuKeepsPartial = "tlb.cpu.keepsPartial";
    public const string CpuKeepsFront = "tlb.cpu.keepsFront";

    public const string ShootdownStep = "shootdown.step";
    public const string ShootdownInvariant = "shootdown.invariant";
    public const string Agrees = "shootdown.agrees";
    public const string NeedsFlush = "shootdown.needsFlush";
    public const string HaveOneForm = "shootdown.haveOneForm";
    public const string MapsFrameOf = "shootdown.mapsFrameOf";
    public const string Same = "shootdown.same";
    public const string PcidSlotStep = "pcidSlot.step";
    public const string PcidSlotInvariant = "pcidSlot.invariant";
    public const string GenerationStep = "generation.step";
    public const string GenerationInvariant = "generation.invariant";
}
