using PageProof.Spec.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>
/// The manual's sentences one by one: what may still be cached after a few commands, and what may not.
/// So the Spec is held from the side on which no machine's answers hold it: it must not permit more.
/// </summary>
[InLane("tlb", SpecAlone = true)]
public sealed class TlbSpecTests
{
    private const string Plain = "cr3=0x1000";
    private const string Pcids = "pge pcide cr3=0x1001";

    // CPU 0 may have kept what leads to page 0, of which nothing is left in the tables; CPU 1 has not.
    private const string Away = "store pml4=0x0; other invpcid type=2 pcid=0x0 address=0x0";

    [Theory]
    // A store changes nothing that is cached: old and new are permitted side by side.
    [InlineData(Plain, "read 0x0", "0x5000")]
    [InlineData(Plain, "store pte=0x7007; read 0x0", "0x5000 0x7000")]
    [InlineData(Plain, "store pte=0x7007; store pte=0xb007; read 0x0", "0x5000 0x7000 0xb000")]
    [InlineData(Plain, "store pte=0x7007; other read 0x0", "0x5000 0x7000")]
    [InlineData(Plain, "store pte=0x0; read 0x0", "#PF0 0x5000")]
    [InlineData(Plain, "store pte=0x0; store pte=0x7007; read 0x0", "0x5000 0x7000")]
    // Nothing absent or reserved is ever cached.
    [InlineData("maxphyaddr=40 cr3=0x1000",
        "store pte=0x10000000007; store pte=0x7007; invlpg 0x0; read 0x0", "0x7000")]
    [InlineData("maxphyaddr=40 cr3=0x1000", "store pte=0x10000000007; invlpg 0x0; read 0x0", "#PF9")]
    [InlineData("maxphyaddr=40 cr3=0x1000", "store pml4=0x10000000007; invlpg 0x0; read 0x0", "#PF9")]
    // Upper entries are cached as well, and mix with lower ones of another time.
    [InlineData(Plain, "store pml4=0x0; read 0x0", "#PF0 0x5000")]
    [InlineData(Plain, "store pml4=0x0; store pte=0x7007; read 0x0", "#PF0 0x5000 0x7000")]
    [InlineData(Plain, "store pd=0x0; store pte=0x7007; read 0x0", "#PF0 0x5000 0x7000")]
    [InlineData(Plain, "store pte=0x7007; store pml4=0x0; invlpg 0x0; store pte=0xb007; read 0x0", "#PF0")]
    [InlineData(Plain, "store pml4=0x10007; read 0x0", "0x5000 OutsideMemory")]
    // A page of another size beside the old one.
    [InlineData(Plain, "store pd=0x400087; read 0x0", "0x400000 0x5000")]
    [InlineData(Plain, "store pd=0x400087; invlpg 0x0; store pd=0x4007; read 0x0", "0x400000 0x5000")]
    [InlineData("gbpages cr3=0x1000", "store pdpt=0x40000087; invlpg 0x0; read 0x1000", "0x40001000 0x6000")]
    public void Old_and_new_are_permitted_until_an_invalidation(string control, string commands, string ends) =>
        Assert.Equal(ends, new TlbScenario(control, commands).PermittedEnds());

    [Theory]
    // INVLPG: the page of the current PCID and of globals, of any size; all upper entries of the PCID.
    [InlineData(Plain, "store pte=0x7007; invlpg 0x0; read 0x0", "0x7000")]
    [InlineData(Plain, "store pte=0x7007; invlpg 0xfff; read 0x0", "0x7000")]
    [InlineData(Plain, "store pte=0x7007; invlpg 0x1000; read 0x0", "0x5000 0x7000")]
    [InlineData(Plain, "store pte=0x7007; other invlpg 0x0; read 0x0", "0x5000 0x7000")]
    [InlineData(Plain, "store pte=0x7007; invlpg 0x8000000000000000; read 0x0", "0x5000 0x7000")]
    [InlineData(Plain, "store pd=0x0; store pte=0x7007; invlpg 0x1000; read 0x0", "#PF0 0x5000 0x7000")]
    [InlineData(Plain, "store pd=0x0; invlpg 0x1000; store pte=0x7007; read 0x0", "#PF0 0x5000")]
    [InlineData(Plain, "store pd=0x0; invlpg 0x8000000000; store pte=0x7007; read 0x0", "#PF0 0x5000")]
    [InlineData(Plain, "store pd=0x0; invlpg 0x800000000000; store pte=0x7007; read 0x0", "#PF0 0x5000 0x7000")]
    [InlineData(Pcids, "store pd=0x0; invpcid type=0 pcid=0x1 address=0x200000; store pte=0x7007; read 0x0",
        "#PF0 0x5000 0x7000")]
    [InlineData(Pcids, "store pte=0x7007; mov cr3 0x8000000000001002; invlpg 0x0; mov cr3 0x8000000000001001; read 0x0",
        "0x5000 0x7000")]
    [InlineData(Pcids, "store pte=0x5107; invlpg 0x0; store pte=0x7107; mov cr3 0x8002; invlpg 0x0; "
        + "mov cr3 0x8000000000001001; read 0x0", "0x7000")]
    [InlineData("cr3=0x8000", "store pd2=0x400087; invlpg 0x123000; read 0x5000", "0x405000")]
    [InlineData("cr3=0x8000", "store pd2=0x400087; invlpg 0x200000; read 0x5000", "0x205000 0x405000")]
    // A fault drops the page and what leads to it, so that it comes once.
    [InlineData(Plain, "store pte=0x7007; read 0x0 user -> 0x5000; read 0x0", "0x5000 0x7000")]
    [InlineData("wp cr3=0x1000", "store pte=0x7005; invlpg 0x0; store pte=0x7007; write 0x0", "#PF3 0x7000")]
    [InlineData("wp cr3=0x1000",
        "store pte=0x7005; invlpg 0x0; store pte=0x7007; write 0x0 -> #PF3; write 0x0", "0x7000")]
    [InlineData("wp cr3=0x1000", "store pml4=0x2005; invlpg 0x0; store pml4=0x2007; write 0x0 -> #PF3; write 0x0",
        "0x5000")]
    [InlineData("wp cr3=0x1000", "store pml4=0x2005; invlpg 0x0; store pml4=0x2007; write 0x0 -> #PF3; write 0x1000",
        "#PF3 0x6000")]
    [InlineData("wp pge pcide cr3=0x1001", "store pte=0x5105; invlpg 0x0; mov cr3 0x1002; store pte=0x5107; write 0x0",
        "#PF3 0x5000")]
    [InlineData("wp pge pcide cr3=0x1001", "store pte=0x5105; invlpg 0x0; mov cr3 0x1002; store pte=0x5107; "
        + "write 0x0 -> #PF3; write 0x0", "0x5000")]
    public void Invlpg_and_faults_drop_the_page(string control, string commands, string ends) =>
        Assert.Equal(ends, new TlbScenario(control, commands).PermittedEnds());

    [Theory]
    [InlineData("type=0 pcid=0x1 address=0x0", "store pte=0x7007", "0x7000")]
    [InlineData("type=0 pcid=0x1 address=0x1000", "store pte=0x7007", "0x5000 0x7000")]
    [InlineData("type=0 pcid=0x2 address=0x0", "store pte=0x7007", "0x5000 0x7000")]
    [InlineData("type=0 pcid=0x1 address=0x0", "store pte=0x5107; invlpg 0x0; store pte=0x7007", "0x5000 0x7000")]
    [InlineData("type=0 pcid=0x1 address=0x0", "store pml4=0x0", "#PF0")]
    [InlineData("type=0 pcid=0x1 address=0x1000", "store pml4=0x0", "#PF0 0x5000")]
    [InlineData("type=1 pcid=0x1 address=0x0", "store pte=0x7007", "0x7000")]
    [InlineData("type=1 pcid=0x2 address=0x0", "store pte=0x7007", "0x5000 0x7000")]
    [InlineData("type=1 pcid=0x1 address=0x0", "store pte=0x5107; invlpg 0x0; store pte=0x7007", "0x5000 0x7000")]
    [InlineData("type=1 pcid=0x1 address=0x0", "store pml4=0x0", "#PF0")]
    [InlineData("type=2 pcid=0x0 address=0x0", "store pte=0x5107; invlpg 0x0; store pte=0x7007", "0x7000")]
    [InlineData("type=2 pcid=0x7 address=0x0", "store pml4=0x0", "#PF0")]
    [InlineData("type=3 pcid=0x0 address=0x0", "store pte=0x5107; invlpg 0x0; store pte=0x7007", "0x5000 0x7000")]
    [InlineData("type=3 pcid=0x7 address=0x0", "store pte=0x7007", "0x7000")]
    [InlineData("type=3 pcid=0x0 address=0x0", "store pml4=0x0", "#PF0")]
    public void Invpcid_drops_what_its_type_says(string operands, string before, string ends) =>
        Assert.Equal(ends, new TlbScenario(Pcids, $"{before}; invpcid {operands}; read 0x0").PermittedEnds());

    [Theory]
    // MOV CR3: the PCID of the operand, not global; with bit 63 nothing; without PCIDs, PCID 0.
    [InlineData(Plain, "store pte=0x7007; mov cr3 0x1000; read 0x0", "0x7000")]
    [InlineData(Plain, "mov cr3 0x8000; read 0x0", "0x200000")]
    [InlineData(Plain, "mov cr3 0x8000; mov cr3 0x1018; read 0x0", "0x5000")]
    [InlineData("pge cr3=0x1000", "store pte=0x5107; invlpg 0x0; mov cr3 0x8000; read 0x0", "0x200000 0x5000")]
    [InlineData(Pcids, "store pte=0x7007; mov cr3 0x1001; read 0x0", "0x7000")]
    [InlineData(Pcids, "store pte=0x7007; mov cr3 0x1002; read 0x0", "0x7000")]
    [InlineData(Pcids, "store pte=0x7007; mov cr3 0x1002; mov cr3 0x8000000000001001; read 0x0", "0x5000 0x7000")]
    [InlineData(Pcids, "store pte=0x7007; mov cr3 0x1002; mov cr3 0x1001; read 0x0", "0x7000")]
    [InlineData(Pcids, "store pte=0x7007; mov cr3 0x8000000000001001; read 0x0", "0x5000 0x7000")]
    [InlineData(Pcids, "mov cr3 0x8000000000008001; read 0x0", "0x200000 0x5000")]
    [InlineData(Pcids, "mov cr3 0x8000000000008001; read 0x2000", "#PF0 0x202000")]
    [InlineData(Pcids, "mov cr3 0x8002; read 0x0", "0x200000")]
    [InlineData(Pcids, "store pml4=0x0; mov cr3 0x1002; read 0x0", "#PF0")]
    [InlineData(Pcids, "store pml4=0x0; mov cr3 0x1002; write 0x0", "#PF2")]
    [InlineData(Pcids, "store pte=0x5107; invlpg 0x0; mov cr3 0x8002; read 0x0", "0x200000 0x5000")]
    [InlineData("pcide cr3=0x1001", "store pte=0x5107; invlpg 0x0; mov cr3 0x8002; read 0x0", "0x200000")]
    // MOV CR4: PGE either way, and PCIDE to 0, drop all; SMEP to 1 the current PCID; others nothing.
    [InlineData("pge cr3=0x1000", "store pte=0x5107; invlpg 0x0; store pte=0x7007; mov cr4 0x20; read 0x0", "0x7000")]
    [InlineData(Plain, "store pte=0x7007; mov cr4 0xa0; read 0x0", "0x7000")]
    [InlineData(Plain, "store pml4=0x0; mov cr4 0xa0; read 0x0", "#PF0")]
    [InlineData("pcide cr3=0x1000", "store pte=0x7007; mov cr4 0x20; read 0x0", "0x7000")]
    [InlineData("pcide cr3=0x1001",
        "mov cr3 0x8000; mov cr4 0x20; mov cr4 0x20020; mov cr3 0x8000000000001001; read 0x0",
        "0x5000")]
    [InlineData("pcide cr3=0x1001",
        "store pte=0x7007; mov cr3 0x8000; mov cr4 0x20; mov cr4 0x20020; mov cr3 0x8000000000001001; read 0x0",
        "0x7000")]
    [InlineData(Plain, "store pte=0x7007; mov cr4 0x20020; read 0x0", "0x5000 0x7000")]
    [InlineData(Plain, "store pte=0x7007; mov cr4 0x100020; read 0x0", "0x7000")]
    [InlineData("pge cr3=0x1000",
        "store pte=0x5107; invlpg 0x0; store pte=0x7007; mov cr4 0x1000a0; read 0x0", "0x7000")]
    [InlineData("pge pcide cr3=0x1001", "store pte=0x5107; invlpg 0x0; mov cr3 0x8002; mov cr4 0x1200a0; read 0x0",
        "0x200000 0x5000")]
    [InlineData("smep cr3=0x1000", "store pte=0x7007; mov cr4 0x20; read 0x0", "0x5000 0x7000")]
    [InlineData(Plain, "store pte=0x7007; mov cr4 0x200020; read 0x0 user", "0x5000 0x7000")]
    // MOV CR0 drops nothing, and what is cached is judged anew.
    [InlineData(Plain, "store pte=0x7007; mov cr0 0x10000; read 0x0", "0x5000 0x7000")]
    [InlineData(Plain, "store pte=0x7005; invlpg 0x0; write 0x0", "0x7000")]
    [InlineData(Plain, "store pte=0x7005; invlpg 0x0; mov cr0 0x10000; write 0x0", "#PF3")]
    public void Moves_to_control_registers_drop_what_the_manual_lists(string control, string commands, string ends) =>
        Assert.Equal(ends, new TlbScenario(control, commands).PermittedEnds());

    [Theory]
    // A may be set by any walk, and must be once every explanation has used the entry.
    [InlineData(Plain, "load pte", "none A")]
    [InlineData(Plain, "load pd2", "none")]
    [InlineData(Plain, "mov cr3 0x8000; load pd2", "none A")]
    [InlineData(Plain, "other mov cr3 0x8000; load pd2", "none A")]
    [InlineData(Plain, "read 0x0; load pte", "A")]
    [InlineData(Plain, "read 0x0; load pml4", "A")]
    [InlineData(Plain, "read 0x0; load pte1", "none A")]
    [InlineData(Plain, "store pml4=0x0; load pte", "none A")]
    [InlineData(Plain, "store pml4=0x0; other invlpg 0x0; invlpg 0x0; store pte=0x5007; load pte", "none")]
    [InlineData(Plain, "store pml4=0x0; invlpg 0x0; store pte=0x5007; load pte", "none A")]
    [InlineData(Plain, "store pte=0x5006; load pte", "none")]
    [InlineData(Plain, "store pte=0x5027; load pte", "A")]
    [InlineData(Plain, "read 0x0; store pte=0x5007; read 0x0; load pte", "none A")]
    [InlineData(Plain, "read 0x0; store pte=0x5007; invlpg 0x0; read 0x0; load pte", "A")]
    [InlineData(Plain, "store pml4=0x9007; read 0x0 -> 0x5000; load pml4", "none A")]
    [InlineData(Plain, "load pte -> 0x5027; load pte", "A")]
    [InlineData(Plain, "load pte -> 0x5007; load pte", "none A")]
    [InlineData(Plain, "store pml4=0x0; invlpg 0x0; other invlpg 0x0; load pte -> 0x5007; load pte", "none")]
    [InlineData(Plain, "store pml4=0x0; invlpg 0x0; other invlpg 0x0; load pte", "none A")]
    [InlineData(Pcids, "mov cr3 0x8002; other mov cr3 0x8002; store pte=0x5007; load pte", "none")]
    [InlineData(Pcids, Away + "; invpcid type=1 pcid=0x2 address=0x0; store pte=0x5007; load pte", "none A")]
    [InlineData("maxphyaddr=40 cr3=0x1000", "store pte=0x10000000007; load pte", "none")]
    [InlineData("la57 cr3=0xb000", "read 0x0; load pml5", "A")]
    // What leads to a table may be kept until it is flushed: of its PCID, of all, or by an INVLPG.
    [InlineData(Pcids, Away + "; store pte=0x5007; load pte", "none A")]
    [InlineData(Pcids, Away + "; invpcid type=0 pcid=0x1 address=0x200000; store pte=0x5007; load pte", "none A")]
    [InlineData(Pcids, Away + "; invpcid type=1 pcid=0x1 address=0x0; store pte=0x5007; load pte", "none")]
    [InlineData(Pcids, Away + "; invpcid type=2 pcid=0x0 address=0x0; store pte=0x5007; load pte", "none")]
    [InlineData(Pcids, Away + "; invpcid type=3 pcid=0x0 address=0x0; store pte=0x5007; load pte", "none")]
    [InlineData(Pcids, Away + "; mov cr3 0x1001; store pte=0x5007; load pte", "none")]
    [InlineData(Pcids, Away + "; mov cr4 0x20020; store pte=0x5007; load pte", "none")]
    [InlineData(Pcids, Away + "; mov cr4 0x1200a0; store pte=0x5007; load pte", "none")]
    // D is set by writes alone, and by a walk: a cached entry with D marks nothing.
    [InlineData(Plain, "write 0x0; load pte", "AD")]
    [InlineData(Plain, "write 0x0; load pd", "A")]
    [InlineData(Plain, "store pte=0x5047; load pte", "D AD")]
    [InlineData(Plain, "write 0x0; store pte=0x5027; write 0x0; load pte", "A AD")]
    [InlineData(Plain, "write 0x0; store pte=0x5027; other write 0x0; load pte", "A AD")]
    [InlineData(Plain, "write 0x0; store pte=0x5027; invlpg 0x0; write 0x0; load pte", "AD")]
    [InlineData(Plain, "write 0x0; store pte=0x5027; write 0x0; load pte -> 0x5027; load pte", "A")]
    [InlineData(Plain, "write 0x0; store pte=0x5027; write 0x0; load pte -> 0x5067; load pte", "AD")]
    [InlineData(Plain, "write 0x0; store pte=0x5006; write 0x0 -> 0x5000; load pte", "none")]
    [InlineData(Plain, "store pte=0x7007; write 0x0 -> 0x7000; load pte", "AD")]
    [InlineData("cr3=0x8000", "write 0x3000; load pd2", "AD")]
    public void Marks_are_those_that_a_walk_may_or_must_have_left(string control, string commands, string marks) =>
        Assert.Equal(marks, new TlbScenario(control, commands).PermittedMarks());

    [Theory]
    // A write needs D: an entry without it, whose table entry has gone, is of no use.
    [InlineData(Plain, "store pte=0x0; write 0x0", "#PF2")]
    [InlineData(Plain, "store pte=0x5047; invlpg 0x0; store pte=0x0; write 0x0", "#PF2 0x5000")]
    [InlineData(Plain, "write 0x0; store pte=0x0; write 0x0", "#PF2 0x5000")]
    [InlineData(Plain, "write 0x0; store pte=0x0; other write 0x0", "#PF2 0x5000")]
    [InlineData(Plain,
        "write 0x0; store pte=0x5027; write 0x0; load pte -> 0x5027; invlpg 0x0; store pte=0x0; write 0x0",
        "#PF2")]
    [InlineData(Plain, "store pml4=0x0; write 0x0", "#PF2 0x5000")]
    [InlineData(Plain, "write 0x0; store pte=0x5027; other invlpg 0x0; write 0x0; store pte=0x0; other write 0x0",
        "#PF2 0x5000")]
    [InlineData(Plain, "write 0x0; store pte=0x5027; other invlpg 0x0; write 0x0; load pte -> 0x5027; store pte=0x0; "
        + "other write 0x0", "#PF2")]
    // Rights are those of the walk: all entries for R/W and U/S, any for XD.
    [InlineData("wp cr3=0x1000", "store pd=0x4005; write 0x0", "#PF3 0x5000")]
    [InlineData(Plain, "store pdpt=0x3003; read 0x0 user", "#PF5 0x5000")]
    [InlineData(Plain, "store pml4=0x8000000000002007; fetch 0x0", "#PF11 0x5000")]
    [InlineData(Plain, "store pml4=0x8000000000002007; invlpg 0x0; fetch 0x0", "#PF11")]
    [InlineData(Plain, "read 0x1000000000000000", "GeneralProtection")]
    public void Writes_need_D_and_rights_are_those_of_the_walk(string control, string commands, string ends) =>
        Assert.Equal(ends, new TlbScenario(control, commands).PermittedEnds());

    [Theory]
    [InlineData(Pcids, "invpcid type=0 pcid=0x2 address=0x0", true)]
    [InlineData(Pcids, "invpcid type=0 pcid=0x2 address=0x800000000000", false)]
    [InlineData(Pcids, "invpcid type=1 pcid=0x2 address=0x800000000000", true)]
    [InlineData(Pcids, "invpcid type=1 pcid=0x1000 address=0x0", false)]
    [InlineData(Pcids, "invpcid type=2 pcid=0x8000000000000000 address=0x0", false)]
    [InlineData(Pcids, "invpcid type=4 pcid=0x0 address=0x0", false)]
    [InlineData(Plain, "invpcid type=0 pcid=0x0 address=0x0", true)]
    [InlineData(Plain, "invpcid type=0 pcid=0x1 address=0x0", false)]
    [InlineData(Plain, "invpcid type=1 pcid=0x1 address=0x0", false)]
    [InlineData(Plain, "invpcid type=3 pcid=0x1 address=0x0", true)]
    [InlineData(Plain, "invlpg 0x800000000000", true)]
    [InlineData("maxphyaddr=40 cr3=0x1000", "mov cr3 0xfffffff000", true)]
    [InlineData("maxphyaddr=40 cr3=0x1000", "mov cr3 0x10000000000", false)]
    [InlineData(Plain, "mov cr3 0x8000000000001000", false)]
    [InlineData(Pcids, "mov cr3 0x8000000000001000", true)]
    [InlineData(Pcids, "mov cr3 0x4000000000001000", false)]
    [InlineData(Plain, "mov cr4 0x20020", true)]
    [InlineData("cr3=0x1008", "mov cr4 0x20020", false)]
    [InlineData("pcide cr3=0x1008", "mov cr4 0x200a0", true)]
    [InlineData(Plain, "mov cr4 0x0", false)]
    [InlineData(Plain, "mov cr4 0x1020", false)]
    [InlineData("la57 cr3=0x1000", "mov cr4 0x20", false)]
    [InlineData(Plain, "mov cr4 0x800020", false)]
    [InlineData("wp cr3=0x1000", "mov cr4 0x800020", true)]
    [InlineData("wp cet cr3=0x1000", "mov cr0 0x0", false)]
    [InlineData("wp cet cr3=0x1000", "mov cr0 0x10000", true)]
    [InlineData("wp cr3=0x1000", "mov cr0 0x0", true)]
    public void Commands_end_in_GP_where_the_manual_says_so(string control, string commands, bool done) =>
        Assert.Equal(done, new TlbScenario(control, commands).IsDone());

    [Fact]
    public void A_refusal_says_that_nothing_explains_the_answer() =>
        Assert.Contains("no walk, gives this answer", new TlbScenario(Plain, "read 0x0").Refusal());

    [Fact]
    public void A_path_is_shown_by_its_versions()
    {
        Assert.Equal("0x0", default(WalkPath).ToString());
        Assert.Equal("0x5", default(WalkPath).With(1, new(5)).ToString());
        Assert.Equal(new WordVersion(7), default(WalkPath).With(4, new(9)).With(3, new(7)).Leaf);
        Assert.Equal(new WordVersion(9), default(WalkPath).With(WalkPath.LevelsMax, new(9)).Leaf);
        Assert.Equal(default, default(WalkPath).Leaf);
    }

    [Theory]
    [InlineData(Plain, "load pte -> 0x1", "bits 0x5006 of 0x0000000000005007 are lost")]
    [InlineData(Plain, "load pte -> 0x5047", "bits 0x40 are set, and nothing can have set them")]
    [InlineData(Plain, "load pte -> 0x5867", "bits 0x840 are set, and nothing can have set them")]
    [InlineData(Plain, "store pte=0x5007 -> 0x0", "that is no end of this command")]
    [InlineData(Plain, "invlpg 0x0 -> 0x0", "that is no end of this command")]
    [InlineData(Plain, "invpcid type=9 pcid=0x0 address=0x0 -> 0x0", "the command ends in #GP(0)")]
    [InlineData(Plain, "wrpkru 0x0 -> 0x0", "the command ends in #UD")]
    public void A_word_that_may_not_be_shown_is_refused_with_its_reason(string control, string commands, string reason)
    {
        var (step, _) = new TlbScenario(control, commands.Split(" -> ")[0]).Showing(
            Convert.ToUInt64(commands.Split(" -> ")[1], 16));
        Assert.Equal(reason, step.Refusal);
        Assert.Empty(step.Matches);
    }

    /// <summary>At first nothing is known but what can be read, for the pages that are ever accessed.</summary>
    [Fact]
    public void In_the_beginning_there_are_the_accessed_pages_and_what_their_walks_read()
    {
        const string Commands = "read 0x0; read 0x8; store pte1=0x0; read 0x1abc; invlpg 0x3000; write 0x1000";
        var (_, state) = new TlbScenario(Plain, Commands).Showing(0);
        Assert.Equal([0x0u, 0x1000u], state.Pages.Select(page => page.Value));
        Assert.All(state.Cpus, cpu =>
        {
            Assert.All(cpu.Cached, each => Assert.Equal(1, each.Level));
            Assert.All(cpu.Partial, each => Assert.InRange(each.Level, 2, 4));
            Assert.All(cpu.Tables, each => Assert.InRange(each.Level, 1, 4));
        });
        Assert.Empty(new TlbScenario(Plain, "invlpg 0x0").Done().Matches);
    }

    [Theory]
    [InlineData(Plain, "wrpkru 0x1", false)]
    [InlineData("pke cr3=0x1000", "wrpkru 0x1", true)]
    [InlineData("pke cr3=0x1000", "mov cr4 0x20; wrpkru 0x1", false)]
    public void Wrpkru_is_no_instruction_while_keys_are_off(string control, string commands, bool done) =>
        Assert.Equal(done, new TlbScenario(control, commands).IsDone(Contract.Tlb.TlbAnswerKind.InvalidOpcode));

    [Theory]
    // Keys are asked at each access, of cached translations as of walks.
    [InlineData("wrpkru 0x1; read 0x0 user", "#PF25")]
    [InlineData("wrpkru 0x2; read 0x0 user", "0x5000")]
    [InlineData("wrpkru 0x2; write 0x0 user", "#PF27")]
    [InlineData("wrpkru 0x1; fetch 0x0 user", "0x5000")]
    [InlineData("wrpkru 0x1; wrpkru 0x0; read 0x0 user", "0x5000")]
    [InlineData("wrpkru 0x1; other read 0x0 user", "0x5000")]
    [InlineData("store pte=0x7007; wrpkru 0x1; read 0x0 user", "#PF25")]
    public void Wrpkru_is_heeded_by_the_next_access(string commands, string ends) =>
        Assert.Equal(ends, new TlbScenario("pke cr3=0x1000", commands).PermittedEnds());
}
