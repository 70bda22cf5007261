using PageProof.Contract.Paging;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Smt;
using PageProof.Spec.Paging;
using PageProof.Tests.SmtModels.Lifting.Samples;

namespace PageProof.Tests.SmtModels.Lifting;

/// <summary>What is passed to a lifted method, and what comes back.</summary>
[InLane("lifting")]
public sealed class LiftedValueTests(LiftedAssemblies assemblies) : IClassFixture<LiftedAssemblies>
{
    private readonly AssemblySet _assemblies = assemblies.Shipped;
    private readonly TermPool _pool = new();

    [Fact]
    public void Parts_have_the_names_of_the_source()
    {
        var access = new Lifter(_pool, _assemblies).FreshParameter("paging.spec.walk", "access");
        Assert.Equal(
            ["Address.Value", "Kind", "Cpl", "AlignmentCheck", "Implicit", "StackSegment"],
            access.Leaves.Select(leaf => leaf.Path));
        Assert.Equal("access.Address.Value", access.At("Address", "Value").Scalar!.Name);
        Assert.Null(access.At("Address").Scalar);
        Assert.Equal(8, access.At("Kind").Scalar!.Width);
        var truth = access.At("Implicit").Scalar!;
        Assert.Same(
            _pool.Ite(_pool.Variable("access.Implicit", Sort.Bool), _pool.BitVec(1, 8), _pool.BitVec(0, 8)), truth);
        Assert.Throws<LiftingException>(() => access.At("Absent"));
        Assert.Throws<LiftingException>(() => access.At("Kind", "Value"));
    }

    [Fact]
    public void A_prefix_names_the_variables() => Assert.Equal(
        "other.Cr3.Value",
        new Lifter(_pool, _assemblies).FreshParameter("paging.walk.four", "control", "other")
            .At("Cr3", "Value").Scalar!.Name);

    [Fact]
    public void A_part_can_be_replaced()
    {
        var access = new Lifter(_pool, _assemblies).FreshParameter("paging.spec.walk", "access");
        var word = _pool.BitVec(0x1000, 64);
        var changed = access.With(["Address"], Lifter.OfScalar(word));
        Assert.Same(word, changed.At("Address", "Value").Scalar);
        Assert.Same(access.At("Kind").Scalar, changed.At("Kind").Scalar);
        Assert.Same(_pool.Equal(word, access.At("Address", "Value").Scalar!), access.IsEqualTo(_pool, changed));
        Assert.True(access.IsEqualTo(_pool, access).IsTrue);
        Assert.Throws<LiftingException>(() => access.With(["Kind"], Lifter.OfScalar(word)));
        Assert.Throws<LiftingException>(() => access.With(["Kind", "Value"], Lifter.OfScalar(word)));
    }

    [Fact]
    public void Elements_are_named_by_their_places()
    {
        var turned = assemblies.Samples.Find(((Delegate)ArraySamples.Turned).Method);
        var call = new Lifter(_pool, assemblies.Samples).LiftMethod(turned);
        var row = call.Parameters["row"];
        Assert.Equal(["[0]", "[1]", "[2]"], row.Leaves.Select(leaf => leaf.Path));
        Assert.Equal(row.Leaves.Select(leaf => leaf.Term), [Element("[0]"), Element("[1]"), Element("2")]);
        Assert.Same(Element("[1]"), call.Result!.At("[0]").Scalar);
        foreach (string absent in (string[])["[3]", "[-1]", "[x]"])
        {
            Assert.Equal($"There is no element {absent}.", Message(() => row.At(absent)));
        }

        var changed = row.With(["[1]"], Lifter.OfScalar(_pool.BitVec(7, 64)));
        Assert.Same(_pool.BitVec(7, 64), changed.At("[1]").Scalar);
        Assert.Same(Element("[2]"), changed.At("[2]").Scalar);

        Term Element(string name) => row.At(name).Scalar!;
    }

    [Fact]
    public void What_has_no_part_of_a_name_says_so()
    {
        var access = new Lifter(_pool, _assemblies).FreshParameter("paging.spec.walk", "access");
        var word = Lifter.OfScalar(_pool.BitVec(0, 64));
        string absent = $"{typeof(Access)} has no Absent.";
        Assert.Equal(absent, Message(() => access.At("Absent")));
        Assert.Equal(absent, Message(() => access.With(["Absent"], word)));
        Assert.Equal("There is no Value in a single number.", Message(() => access.At("Kind", "Value")));
        Assert.Equal("There is no Value in a single number.", Message(() => access.With(["Kind", "Value"], word)));
        const string Other = "A part of a value is replaced by one of another type.";
        Assert.Equal(Other, Message(() => access.With(["Kind"], word)));
        Assert.Equal(Other, Message(() => access.With(["Kind"], access)));
        Assert.Equal("A structure is compared with a single number.", Message(() => access.IsEqualTo(_pool, word)));
    }

    [Fact]
    public void Parts_are_replaced_by_parts_of_their_kind()
    {
        Lifter lifter = new(_pool, _assemblies);
        var access = lifter.FreshParameter("paging.spec.walk", "access");
        var other = lifter.FreshParameter("paging.spec.walk", "access", "other");
        var changed = access.With(["Address"], other.At("<Address>k__BackingField"));
        Assert.Same(other.At("Address", "Value").Scalar, changed.At("Address", "Value").Scalar);
        Assert.Same(access.At("Cpl").Scalar, changed.At("Cpl").Scalar);
        Assert.Same(other, access.With([], other));
        var word = _pool.BitVec(3, 64);
        Assert.Same(
            _pool.Equal(access.At("Address", "Value").Scalar!, word),
            access.At("Address").IsEqualTo(_pool, Lifter.OfScalar(word)));
        Assert.Same(
            _pool.Equal(word, access.At("Address", "Value").Scalar!),
            Lifter.OfScalar(word).IsEqualTo(_pool, access.At("Address")));
    }

    [Fact]
    public void Rows_are_replaced_by_rows()
    {
        var total = assemblies.Samples.Find(typeof(Shelf).GetMethod(nameof(Shelf.Total))!);
        var shelf = new Lifter(_pool, assemblies.Samples).LiftMethod(total).Parameters["this"];
        var row = shelf.At("_row").With(["[2]"], Lifter.OfScalar(_pool.BitVec(5, 32)));
        var changed = shelf.With(["_row"], row);
        Assert.Same(_pool.BitVec(5, 32), changed.At("_row", "[2]").Scalar);
        Assert.Same(shelf.At("_count").Scalar, changed.At("_count").Scalar);
    }

    [Fact]
    public void A_number_of_another_width_is_refused() => Assert.EndsWith(
        $" cannot be lifted, because a number of 64 bits is no {typeof(Access)}.",
        Message(() => new Lifter(_pool, _assemblies).Lift(
            "paging.spec.walk", ("access", Lifter.OfScalar(_pool.BitVec(0, 64))))),
        StringComparison.Ordinal);

    [Fact]
    public void Constants_give_constants()
    {
        Lifter lifter = new(_pool, _assemblies);
        var canonical = lifter.Lift(
            "paging.spec.isCanonical",
            ("address", Lifter.OfScalar(_pool.BitVec(0xFFFF_8000_0000_0000, 64))),
            ("levels", Lifter.OfScalar(_pool.BitVec(4, 32))));
        Assert.Same(_pool.BitVec(1, 8), canonical.Result!.Scalar);
        Assert.Empty(canonical.Obligations);
        Assert.Null(canonical.Memory);
        Assert.True(canonical.Fails(_pool).IsFalse);
    }

    [Fact]
    public void A_truth_is_passed_as_one()
    {
        Lifter lifter = new(_pool, _assemblies);
        var writable = _pool.Variable("writable", Sort.Bool);
        var call = lifter.Lift("paging.spec.rightsOf", ("writableAbove", Lifter.OfScalar(writable)));
        Evaluator evaluator = new(new Dictionary<Term, Value>
        {
            [writable] = Value.Of(true),
            [_pool.Variable("user", Sort.Bool)] = Value.Of(false),
            [_pool.Variable("execute", Sort.Bool)] = Value.Of(true),
            [_pool.Variable("leaf.Value", Sort.BitVec(64))] = Value.Of((ulong)EntryBit.Writable),
            [_pool.Variable("control.Cr4", Sort.BitVec(64))] = Value.Of(0),
        });
        Assert.Equal(
            (ulong)(PageRights.Write | PageRights.Execute), evaluator.EvaluateWord(call.Result!.Scalar!));
    }

    [Fact]
    public void Memory_is_passed_and_returned()
    {
        Lifter lifter = new(_pool, _assemblies, new() { Contains = (pool, _) => pool.True });
        var memory = _pool.Variable("tables", Sort.Memory);
        var call = lifter.Lift("paging.spec.walk", ("memory", Lifter.OfMemory(memory)));
        Assert.Same(memory, call.Memory);
        Assert.Same(memory, call.Parameters["memory"].Scalar);

        // With memory everywhere, no walk is outside it.
        Assert.DoesNotContain(
            call.Result!.At("Outcome", "Kind").Leaves, leaf => leaf.Term.IsConstant);
        Assert.DoesNotContain(Variables(call.Result), name => name == LiftOptions.MemorySize);
        Assert.Throws<LiftingException>(() =>
            lifter.Lift("paging.spec.walk", ("memory", Lifter.OfScalar(_pool.BitVec(0, 64)))));

        var marked = lifter.Lift("paging.walk.four");
        Assert.NotSame(marked.Parameters["memory"].Scalar, marked.Memory);
    }

    [Fact]
    public void Obligations_tell_what_would_go_wrong()
    {
        var spec = new Lifter(_pool, _assemblies).Lift("paging.spec.walk");
        Assert.All(spec.Obligations, one => Assert.Equal(Failure.Throw, one.What));
        Assert.Contains(spec.Obligations, one => one.Method == $"{typeof(PermissionSpec).FullName}.Permits");

        var walk = new Lifter(_pool, _assemblies).Lift("paging.walk.four");
        Assert.Contains(walk.Obligations, one => one.What == Failure.Index);
    }

    private static string Message(Func<object> action) => Assert.Throws<LiftingException>(action).Message;

    private static IEnumerable<string> Variables(LiftedValue value) =>
        new FlatProgram(value.Leaves.Select(leaf => leaf.Term)).Variables.Select(term => term.Name!);
}
