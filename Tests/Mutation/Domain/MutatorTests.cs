using PageProof.Mutation.Domain;

namespace PageProof.Tests.Mutation.Domain;

/// <summary>Each mutator makes exactly the changes that it should, and tells them in words.</summary>
public sealed class MutatorTests
{
    private static readonly string Assembly = typeof(MutatorSamples).Assembly.Location;

    [Theory]
    [InlineData("Field", "entry & 0xFF0 → entry & 0xFF8", "entry & 0xFF0 → entry & 0xFE0",
        "entry & 0xFF0 → entry & 0x7F0", "entry & 0xFF0 → entry & 0x1FF0")]
    [InlineData("Bit", "entry & 8 → entry & 4", "entry & 8 → entry & 16")]
    [InlineData("Number", "level * 9 → level * 8", "level * 9 → level * 10")]
    [InlineData("Flags", "With(marks, 2) → With(marks, 1)", "With(marks, 2) → With(marks, 4)")]
    [InlineData("NoFlags", "With(marks, 0) → With(marks, 1)")]
    [InlineData("IsSet")]
    [InlineData("Shifted")]
    [InlineData("Denial")]
    [InlineData("Plumbing")]
    public void A_constant_is_off_by_a_little(string method, params string[] expected) =>
        Makes("constant", method, expected);

    [Fact]
    public void True_becomes_false_and_false_true()
    {
        using var mutations = Of("Truth");
        var told = mutations.Mutants.Where(mutant => mutant.Mutator == "constant")
            .Select(mutant => mutant.After).ToList();
        Assert.Contains(told, text => text.EndsWith(" 1", StringComparison.Ordinal));
        Assert.Contains(told, text => text.EndsWith(" 0", StringComparison.Ordinal));
        Assert.DoesNotContain(told, text => text.EndsWith(" 2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Level", "Place(address, 39) → Place(address, 30)", "Place(address, 39) → Place(address, 48)")]
    [InlineData("OffsetInPage", "address & 0x1FFFFF → address & 0xFFF",
        "address & 0x1FFFFF → address & 0x3FFFFFFF")]
    [InlineData("Shifted", "entry >>> 12 → entry >>> 21")]
    [InlineData("Number")]
    public void A_level_is_the_next_one(string method, params string[] expected) =>
        Makes("one level off", method, expected);

    [Theory]
    [InlineData("Shifted", "entry >>> 12 → entry >>> 11", "entry >>> 12 → entry >>> 13")]
    [InlineData("TopOfWord", "entry >>> 63 → entry >>> 62")]
    [InlineData("ShiftedBy", "entry << amount → entry << (amount - 1)", "entry << amount → entry << (amount + 1)")]
    public void A_shift_goes_one_bit_off(string method, params string[] expected) =>
        Makes("shift amount", method, expected);

    [Theory]
    [InlineData("Shifted", "entry >>> 12 → entry << 12", "entry >>> 12 → entry >> 12")]
    [InlineData("ShiftedSigned", "entry >> 3 → entry << 3", "entry >> 3 → entry >>> 3")]
    [InlineData("ShiftedBy", "entry << amount → entry >>> amount")]
    public void A_shift_goes_the_other_way(string method, params string[] expected) =>
        Makes("shift direction", method, expected);

    [Theory]
    [InlineData("Gathered", "entry & above → entry | above", "entry & above → entry ^ above")]
    [InlineData("Toggled", "entry ^ above → entry & above", "entry ^ above → entry | above")]
    [InlineData("ShiftedBy")]
    public void An_operation_is_another(string method, params string[] expected) =>
        Makes("and, or, xor", method, expected);

    [Theory]
    [InlineData("Gathered", "entry & above → entry", "entry & above → above")]
    [InlineData("IsSet", "(entry & mask) != 0 → entry != 0", "(entry & mask) != 0 → mask != 0")]
    [InlineData("ShiftedBy")]
    public void An_operand_is_forgotten(string method, params string[] expected) =>
        Makes("dropped operand", method, expected);

    [Theory]
    [InlineData("Complement", "~entry & mask → entry & mask")]
    [InlineData("Denial", "!access.Implicit → access.Implicit")]
    [InlineData("Differs")]
    [InlineData("AtLeast")]
    public void A_negation_is_forgotten(string method, params string[] expected) =>
        Makes("dropped negation", method, expected);

    [Theory]
    [InlineData("Unsigned", "entry < limit → entry >= limit", "entry < limit → entry <= limit",
        "entry < limit → entry < limit, signed")]
    [InlineData("AtLeast", "level >= least → level < least", "level >= least → level > least",
        "level >= least → level >= least, unsigned")]
    [InlineData("Differs", "entry != mask → entry == mask")]
    [InlineData("IsSet", "(entry & mask) != 0 → (entry & mask) == 0")]
    [InlineData("Denial")]
    public void A_comparison_is_another(string method, params string[] expected) =>
        Makes("comparison", method, expected);

    [Fact]
    public void A_branch_goes_the_other_way()
    {
        using var mutations = Of("Branches");
        var told = mutations.Mutants.Where(mutant => mutant.Mutator == "inverted branch")
            .Select(mutant => mutant.After).ToList();
        Assert.Contains("if (leaf)", told);
        Assert.Contains(told, text => text is "if (level <= 4)" or "if (!(level > 4))");
        Assert.Equal(2, told.Count);
    }

    [Theory]
    [InlineData("WrongMember", "pair.Second → pair.First", "pair.Second → pair.Third")]
    [InlineData("WrongProperty", "access.AlignmentCheck → access.Implicit")]
    public void A_field_is_the_one_beside_it(string method, params string[] expected) =>
        Makes("wrong field", method, expected);

    [Theory]
    [InlineData("Marked", "memory.Or(at, bits) → nothing", "Keep(memory.Read(at).Value) → nothing")]
    [InlineData("Gathered")]
    public void A_call_is_not_made(string method, params string[] expected) =>
        Makes("dropped call", method, expected);

    [Theory]
    [InlineData("dropped flush", "RemovePage(address) → nothing", "FlushAll(address) → nothing")]
    [InlineData("dropped wait", "others.Until(address) → nothing")]
    [InlineData("dropped call", "Keep(address) → nothing")]
    public void A_flush_and_a_wait_that_are_not_made_have_their_own_names(string mutator, params string[] expected) =>
        Makes(mutator, "Flushed", expected);

    [Fact]
    public void Every_mutant_of_the_samples_can_be_made_and_compiles()
    {
        string[] names =
        [
            .. typeof(MutatorSamples).GetMethods().Where(method => method.DeclaringType == typeof(MutatorSamples))
                .Select(method => method.Name),
        ];
        using var mutations = DomainMutations.OfMethods(Assembly, typeof(MutatorSamples).FullName!, names);
        byte[] original = mutations.MakeUnchanged();
        Assert.All(mutations.Mutants, mutant =>
        {
            byte[] image = mutations.Make(mutant);
            Assert.False(original.AsSpan().SequenceEqual(image), $"{mutant} changes nothing.");
            CompiledImage.Compile(image, type => type.FullName == typeof(MutatorSamples).FullName);
        });
    }

    private static DomainMutations Of(string method) =>
        DomainMutations.OfMethods(Assembly, typeof(MutatorSamples).FullName!, method);

    // The value may be returned by way of a variable or at once: only what is computed counts.
    private static void Makes(string mutator, string method, string[] expected)
    {
        using var mutations = Of(method);
        Assert.Equal(expected, mutations.Mutants.Where(mutant => mutant.Mutator == mutator)
            .Select(mutant => $"{Computed(mutant.Before)} → {Computed(mutant.After)}"));
    }

    private static string Computed(string text) =>
        text.StartsWith("return ", StringComparison.Ordinal) ? text["return ".Length..] : text;
}
