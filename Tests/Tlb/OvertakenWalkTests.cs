using PageProof.Contract.Paging;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Paging;
using PageProof.Implementation.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>A walk that others overtake between its steps.</summary>
[InLane("tlb")]
public sealed class OvertakenWalkTests
{
    private const int TopEntry = 0x1000 / 8;
    private const int Leaf = 0x4000 / 8;

    private readonly ulong[] _words = new ulong[0x10000 / 8];
    private readonly Cpu _cpu = new(new());
    private string _points = "";

    public OvertakenWalkTests()
    {
        (_words[TopEntry], _words[0x2000 / 8], _words[0x3000 / 8], _words[Leaf]) = (0x2007, 0x3007, 0x4007, 0x5007);
        _cpu.Reset(ControlState.LongMode with { Cr3 = new(0x1000) });
    }

    [Fact]
    public void Its_points_are_each_read_each_mark_and_the_fill()
    {
        Assert.Equal("0x5000", Written([]));
        Assert.Equal("RM RM RM RM F", _points.Trim());
    }

    [Theory]
    // An entry that changes before it is marked is read again, and is not written back.
    [InlineData(4, Leaf, 0x6007, "0x6000", 0x6067)]
    [InlineData(4, Leaf, 0x6006, "#PF", 0x6006)]
    [InlineData(4, Leaf, 0x5005, "#PF", 0x5005)]
    [InlineData(1, TopEntry, 0x0, "#PF", 0x0)]
    // One that changes after it was marked was used as it was.
    [InlineData(5, Leaf, 0x6007, "0x5000", 0x6007)]
    public void What_changes_before_a_mark_is_read_again(
        int mark, int word, ulong stored, string outcome, ulong left)
    {
        Assert.Equal(outcome, Written([(mark, word, stored)]));
        Assert.Equal(left, _words[word]);
    }

    // Of a write to address 0; before the mark of a number, from 1, or the fill after all marks, something is stored.
    private string Written((int Mark, int Word, ulong Stored)[] stores)
    {
        int marks = 0;
        Points points = new(kind =>
        {
            _points += kind switch
            {
                YieldKind.TableRead => " R",
                YieldKind.TableMark => "M",
                YieldKind.TlbFill => " F",
                _ => "?",
            };
            marks += kind is YieldKind.TableMark or YieldKind.TlbFill ? 1 : 0;
            foreach (var store in stores)
            {
                if (store.Mark == marks && kind != YieldKind.TableRead)
                {
                    _words[store.Word] = store.Stored;
                }
            }
        });
        Access write = new(default, AccessKind.Write, PrivilegeLevel.Ring3);
        var outcome = _cpu.Access(new FlatMemory(_words, new(0x10000)), write, points, out _);
        return outcome.Kind == OutcomeKind.Translated ? $"{outcome.Address}" : "#PF";
    }

    private readonly struct Points(Action<YieldKind> before) : IYield
    {
        public void Point(YieldKind kind) => before(kind);
    }
}
