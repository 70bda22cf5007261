using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Contract.Paging;
using PageProof.Implementation.Hardening;
using PageProof.Spec.Hardening;

namespace PageProof.Tests.Hardening;

/// <summary>The words of page-table isolation: both sides say the same, and no two PCIDs are one.</summary>
[InLane("hardening")]
public sealed class KptiFormatTests
{
    [Fact]
    public void Both_sides_have_the_same_words_for_every_ASID()
    {
        HashSet<ushort> pcids = [0];
        for (ushort number = 0; number <= Asid.Most; number++)
        {
            Asid asid = new(number);
            Assert.Equal(KptiFormat.KernelPcid(asid).Value, KptiEncoding.KernelPcid(number));
            Assert.Equal(KptiFormat.UserPcid(asid).Value, KptiEncoding.UserPcid(number));
            Assert.True(pcids.Add(KptiFormat.KernelPcid(asid).Value));
            Assert.True(pcids.Add(KptiFormat.UserPcid(asid).Value));
        }

        Assert.Equal(2 * (Asid.Most + 1) + 1, pcids.Count);
        Assert.True(pcids.Max() <= 0xFFF);
        Assert.Equal(Asid.Most, (ushort)KptiEncoding.AsidMost);
    }

    /// <summary>One ASID more, and both of its PCIDs are the same.</summary>
    [Fact]
    public void The_next_ASID_would_have_one_PCID_for_both_sides()
    {
        Asid next = new(Asid.Most + 1);
        Assert.Equal(KptiFormat.KernelPcid(next), KptiFormat.UserPcid(next));
    }

    [Theory]
    [InlineData(0x0000_0000_0000_0000UL)]
    [InlineData(0x0000_0000_0001_2000UL)]
    [InlineData(0x000F_FFFF_FFFF_E000UL)]
    public void Each_side_is_found_from_the_other(ulong top)
    {
        PhysicalAddress kernel = new(top), user = KptiFormat.UserTop(kernel);
        Assert.Equal(top + 0x1000, user.Value);
        Assert.Equal(kernel, KptiFormat.KernelTop(user));
        Assert.Equal(user.Value, KptiEncoding.UserTop(top));
        Assert.Equal(top, KptiEncoding.KernelTop(user.Value));
        foreach (bool keeps in (bool[])[false, true])
        {
            Asid asid = new(5);
            var operand = KptiFormat.Operand(user, KptiFormat.UserPcid(asid), keeps);
            Assert.Equal(operand.Value, KptiEncoding.Operand(user.Value, KptiEncoding.UserPcid(5), keeps));
            Assert.Equal(keeps, operand.Value >> 63 != 0);
            Cr3 register = new(operand.Value & ~(1UL << 63));
            Assert.Equal(KptiFormat.Operand(kernel, KptiFormat.KernelPcid(asid), false), KptiFormat.Entered(register));
            Assert.Equal(KptiFormat.Entered(register).Value, KptiEncoding.Entered(register.Value));
        }
    }

    [Fact]
    public void The_kernels_copy_of_a_present_entry_cannot_be_fetched()
    {
        foreach (ulong entry in (ulong[])[0, 1, 0x67, 0x8000_0000_0000_0067, 0x66, ulong.MaxValue - 1])
        {
            ulong copy = KptiFormat.KernelCopy(new(entry)).Value;
            Assert.Equal(copy, KptiEncoding.KernelCopy(entry));
            Assert.Equal(entry, copy & (entry | ~(ulong)EntryBit.ExecuteDisable));
            Assert.Equal((entry & 1) != 0 || entry >> 63 != 0, copy >> 63 != 0);
        }
    }
}
