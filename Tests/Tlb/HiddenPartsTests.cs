using PageProof.Contract.Paging;
using PageProof.Spec.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>An answer is compared in the parts that its machine shows, and in no others.</summary>
[InLane("tlb")]
public sealed class HiddenPartsTests
{
    private static readonly TranslationOutcome Permitted = TranslationOutcome.Translated(
        new(0x5000), PageSize.Size4K, PageRights.Write, true, true, new(3), MemoryType.WriteBack);

    public static TheoryData<AnswerParts> Parts => new(Enum.GetValues<AnswerParts>()
        .Where(part => part is not (AnswerParts.None or AnswerParts.Words or AnswerParts.All)));

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_part_that_differs_counts_unless_it_is_hidden(AnswerParts part)
    {
        var answer = Without(part);
        Assert.False(IsSeen(answer, AnswerParts.None));
        Assert.False(IsSeen(answer, AnswerParts.All & ~part));
        Assert.True(IsSeen(answer, part));
        Assert.True(IsSeen(answer, AnswerParts.All));
    }

    [Fact]
    public void A_fault_hides_nothing()
    {
        var fault = TranslationOutcome.PageFault(PageFaultCode.Present, new(0x1000));
        PermittedEnd end = new(fault, default, default, default);
        Assert.True(end.IsSeenAs(fault, AnswerParts.All));
        Assert.False(end.IsSeenAs(TranslationOutcome.PageFault(PageFaultCode.None, new(0x1000)), AnswerParts.All));
        Assert.False(end.IsSeenAs(TranslationOutcome.PageFault(PageFaultCode.Present, new(0x2000)), AnswerParts.All));
        Assert.False(end.IsSeenAs(Permitted, AnswerParts.All));
        Assert.False(IsSeen(fault, AnswerParts.All));
    }

    private static bool IsSeen(TranslationOutcome answer, AnswerParts hidden) =>
        new PermittedEnd(Permitted, default, default, default).IsSeenAs(answer, hidden);

    private static TranslationOutcome Without(AnswerParts part)
    {
        bool Has(AnswerParts each) => part != each;
        return TranslationOutcome.Translated(
            Has(AnswerParts.Address) ? Permitted.Address : default,
            Has(AnswerParts.Size) ? Permitted.Size : default,
            Has(AnswerParts.Rights) ? Permitted.Rights : default,
            Has(AnswerParts.Global),
            Has(AnswerParts.Dirty),
            Has(AnswerParts.Key) ? Permitted.Key : default,
            Has(AnswerParts.Type) ? Permitted.Type : default);
    }
}
