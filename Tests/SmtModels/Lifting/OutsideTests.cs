using System.Globalization;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Smt;
using PageProof.Spec.Paging;
using PageProof.Tests.SmtModels.Lifting.Samples;

namespace PageProof.Tests.SmtModels.Lifting;

/// <summary>What cannot be lifted is refused in one sentence that says where and why.</summary>
[InLane("lifting")]
public sealed class OutsideTests(LiftedAssemblies assemblies) : IClassFixture<LiftedAssemblies>
{
    private static readonly int DamagedFiles = Lane.Current is null ? 60 : 5;

    private readonly AssemblySet _assemblies = assemblies.Samples;

    public static TheoryData<string, string> Refused => new()
    {
        { nameof(OutsideSamples.Floating), "conv.r8" },
        { nameof(OutsideSamples.Texts), "call" },
        { nameof(OutsideSamples.Allocated), "newobj" },
        { nameof(OutsideSamples.Changing), "ldsfld" },
        { nameof(OutsideSamples.Changed), "stsfld" },
        { nameof(OutsideSamples.ChangesTable), "stelem.i4" },
        { nameof(OutsideSamples.Caught), "try" },
        { nameof(OutsideSamples.SizedByInput), "newarr" },
        { nameof(OutsideSamples.Delegated), "ldftn" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_outside_the_subset_is_named(string name, string instruction)
    {
        var failure = Assert.Throws<LiftingException>(() => Lift(name));
        Assert.NotNull(failure.Method);
        Assert.NotNull(failure.Offset);
        Assert.Contains(failure.Method, failure.Message, StringComparison.Ordinal);
        Assert.Contains($"IL_{failure.Offset:x4}", failure.Message, StringComparison.Ordinal);
        Assert.Contains(failure.Instruction!, failure.Message, StringComparison.Ordinal);
        Assert.True(
            instruction == "try" ? failure.Message.Contains("catch block", StringComparison.Ordinal)
                : failure.Method.EndsWith(name, StringComparison.Ordinal)
                    ? failure.Instruction!.StartsWith(instruction, StringComparison.Ordinal)
                    : instruction == "call",
            failure.Message);
    }

    [Theory]
    [InlineData(nameof(OutsideSamples.Floating), "it is outside the subset that can be lifted")]
    [InlineData(nameof(OutsideSamples.Changing), "the static field _changing may change")]
    [InlineData(nameof(OutsideSamples.Changed), "it changes a static field")]
    [InlineData(nameof(OutsideSamples.ChangesTable), "it writes data that is taken to be constant")]
    [InlineData(nameof(OutsideSamples.ChangesData), "it writes data that is taken to be constant")]
    [InlineData(nameof(OutsideSamples.Caught), "it is in a catch block")]
    [InlineData(nameof(OutsideSamples.SizedByInput), "it makes an array of a size that is not fixed, or too great")]
    [InlineData(nameof(OutsideSamples.OfNothing), "it reads something else as a number of 32 bits")]
    [InlineData(nameof(OutsideSamples.FilledByInput), "it goes through a span of a length that is not fixed")]
    [InlineData(nameof(OutsideSamples.VectorOfArray), "it makes a vector in a way that is not known")]
    [InlineData(nameof(OutsideSamples.LaneByInput), "the index into a vector is not fixed, or is beyond its end")]
    [InlineData(nameof(OutsideSamples.LaneBeyond), "the index into a vector is not fixed, or is beyond its end")]
    [InlineData(nameof(OutsideSamples.ThrownStatic), "the value of Number is not known, because "
        + "the static constructor of PageProof.Tests.SmtModels.Lifting.Samples.ThrowingStatics throws")]
    [InlineData(nameof(OutsideSamples.LateStatic), "the value of Late is not known, because "
        + "PageProof.Tests.SmtModels.Lifting.Samples.BrokenStatics..cctor cannot be lifted: "
        + "at IL_0006 (newobj System.Void System.Collections.Generic.List`1<System.Int32>::.ctor()), "
        + "it makes an object of type System.Collections.Generic.List`1<System.Int32>")]
    [InlineData(nameof(OutsideSamples.Unequal), "what it is for two values of "
        + "PageProof.Tests.SmtModels.Lifting.Samples.Named to be equal is not known")]
    [InlineData(nameof(OutsideSamples.NearEquality), "what it is for two values of "
        + "PageProof.Tests.SmtModels.Lifting.Samples.Near to be equal is not known")]
    [InlineData(nameof(OutsideSamples.OwnEquality), "what it is for two values of "
        + "PageProof.Tests.SmtModels.Lifting.Samples.Own to be equal is not known")]
    [InlineData(nameof(OutsideSamples.OfDoubles), "holds other data than integers")]
    public void Why_it_is_refused_is_told(string name, string reason)
    {
        var message = Assert.Throws<LiftingException>(() => Lift(name)).Message;
        Assert.EndsWith($"{(reason.StartsWith("holds", StringComparison.Ordinal) ? " " : ", ")}{reason}.", message);
    }

    [Theory]
    [InlineData(nameof(OutsideSamples.Overlapping), "the fields of {0}.Overlap may overlap")]
    [InlineData(nameof(OutsideSamples.TooManyElements), "{0}.ManyAndOne has 65537 elements")]
    public void A_local_of_a_type_that_is_refused_is_told(string name, string reason) => Assert.Equal(
        $"System.Int32 {typeof(OutsideSamples)}::{name}(System.Int32) cannot be lifted, because "
            + string.Format(CultureInfo.InvariantCulture, reason, typeof(OutsideSamples).Namespace) + ".",
        Assert.Throws<LiftingException>(() => Lift(name)).Message);

    [Fact]
    public void A_vector_of_what_is_wider_is_refused() => Assert.EndsWith(
        $"Vector64`1<{typeof(Line)}> has 0 elements.",
        Assert.Throws<LiftingException>(() => Lift(nameof(OutsideSamples.NoElements))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void An_instruction_of_an_inner_method_is_named_with_that_method()
    {
        var failure = Assert.Throws<LiftingException>(() => new Lifter(new(), _assemblies).Lift("sample.inner"));
        Assert.Equal($"{typeof(OutsideSamples).FullName}.Inner", failure.Method);
        Assert.Equal("conv.r4", failure.Instruction);
        Assert.True(failure.Offset > 0);
    }

    [Fact]
    public void A_type_parameter_that_is_no_memory_is_named() => Assert.Contains(
        "AnyType cannot be lifted for all types T",
        Assert.Throws<LiftingException>(() => Lift(nameof(OutsideSamples.AnyType))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_parameter_without_a_size_is_named() => Assert.Contains(
        "no variables for a, which is a System.Int32[]",
        Assert.Throws<LiftingException>(() => Lift(nameof(OutsideSamples.OfArray))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_name_that_no_method_has_is_told() => Assert.Contains(
        "marked [Lifted(\"paging.absent\")]",
        Assert.Throws<LiftingException>(() => new Lifter(new(), _assemblies).Lift("paging.absent")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_parameter_that_the_method_lacks_is_told()
    {
        Lifter lifter = new(new(), _assemblies);
        var value = Lifter.OfScalar(new TermPool().True);
        Assert.Throws<LiftingException>(() => lifter.Lift("sample.inner", ("absent", value)));
        Assert.Throws<LiftingException>(() => lifter.FreshParameter("sample.inner", "absent"));
    }

    [Fact]
    public void A_loop_beyond_the_bound_is_an_obligation()
    {
        TermPool pool = new();
        Lifter lifter = new(pool, _assemblies, new() { LoopBound = 3 });
        var method = _assemblies.Find(typeof(OutsideSamples).GetMethod(nameof(OutsideSamples.Endless))!);
        var call = lifter.LiftMethod(method);
        var obligation = Assert.Single(call.Obligations);
        Assert.Equal(Failure.LoopBound, obligation.What);
        Assert.Equal($"loop bound in {obligation.Method} at IL_{obligation.Offset:x4}", obligation.ToString());

        // 8 is halved three times; 16 would need a fourth.
        Assert.Equal(0UL, Fails(8));
        Assert.Equal(1UL, Fails(16));
        Assert.Equal(1UL, new Evaluator(Of(8)).EvaluateWord(call.Result!.Scalar!));

        ulong Fails(ulong word) => new Evaluator(Of(word)).EvaluateWord(call.Fails(pool));

        Dictionary<Term, Value> Of(ulong word) => new() { [call.Parameters["a"].Scalar!] = Value.Of(word) };
    }

    [Theory]
    [InlineData(nameof(OutsideSamples.TooLong))]
    [InlineData(nameof(OutsideSamples.TooLongForElements))]
    [InlineData(nameof(OutsideSamples.ReadBeyond))]
    [InlineData(nameof(OutsideSamples.WrittenBeyond))]
    [InlineData(nameof(OutsideSamples.UncheckedBeyond))]
    public void What_is_beyond_the_elements_is_an_obligation_that_fails(string name)
    {
        TermPool pool = new();
        var method = _assemblies.Find(typeof(OutsideSamples).GetMethod(name)!);
        var call = new Lifter(pool, _assemblies).LiftMethod(method);
        Assert.Equal(Failure.Index, Assert.Single(call.Obligations).What);
        Assert.True(call.Fails(pool).IsTrue);
        Assert.NotNull(call.Result);
    }

    [Fact]
    public void Too_many_instructions_are_refused()
    {
        Lifter lifter = new(new(), _assemblies, new() { StepLimit = 100 });
        var method = _assemblies.Find(typeof(FlowSamples).GetMethod(nameof(FlowSamples.FixedLoop))!);
        var failure = Assert.Throws<LiftingException>(() => lifter.LiftMethod(method));
        Assert.Contains("more than 100 instructions", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_without_end_are_refused() => Assert.Contains(
        "calls are nested too deep",
        Assert.Throws<LiftingException>(() => Lift(nameof(OutsideSamples.Deep))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_no_assembly_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("lifting");
        try
        {
            var file = Path.Combine(folder.FullName, "text.dll");
            File.WriteAllText(file, "This is no assembly.");
            Assert.Equal($"{file} is no .NET assembly.", Refusal(file));

            byte[] whole = File.ReadAllBytes(typeof(Contract.LiftedAttribute).Assembly.Location);
            File.WriteAllBytes(file, whole[..(whole.Length / 3)]);
            Assert.Equal($"{file} is no .NET assembly.", Refusal(file));
            Assert.Equal($"There is no file {file}s.", Refusal(file + "s"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Bytes of an assembly are changed at random; whatever comes of it, nothing else is thrown.</summary>
    [Fact]
    public void A_damaged_assembly_is_lifted_or_refused()
    {
        RandomWords random = new(seed: 5);
        byte[] whole = File.ReadAllBytes(typeof(WalkSpec).Assembly.Location);
        var folder = Directory.CreateTempSubdirectory("lifting");
        int refused = 0;
        try
        {
            var file = Path.Combine(folder.FullName, "damaged.dll");
            for (int round = 0; round < DamagedFiles; round++)
            {
                byte[] damaged = [.. whole];
                for (int change = 0; change <= round % 4 * 16; change++)
                {
                    damaged[random.Next() % (ulong)damaged.Length] = (byte)random.Next();
                }

                File.WriteAllBytes(file, damaged);
                refused += IsRefused(file) ? 1 : 0;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        Assert.InRange(refused, 1, DamagedFiles - 1);
    }

    private static bool IsRefused(string file)
    {
        try
        {
            using AssemblySet assemblies = new(file, typeof(Contract.LiftedAttribute).Assembly.Location);
            foreach (var name in assemblies.LiftedNames)
            {
                new Lifter(new(), assemblies, new() { LoopBound = 8, StepLimit = 20_000 }).Lift(name);
            }

            return false;
        }
        catch (LiftingException failure)
        {
            Assert.EndsWith(".", failure.Message, StringComparison.Ordinal);
            return true;
        }
    }

    private static string Refusal(string file) =>
        Assert.Throws<LiftingException>(() => new AssemblySet(file)).Message;

    private LiftedCall Lift(string name) =>
        new Lifter(new(), _assemblies).LiftMethod(_assemblies.Find(typeof(OutsideSamples).GetMethod(name)!));
}
