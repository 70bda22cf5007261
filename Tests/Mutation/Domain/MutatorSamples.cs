using System.Runtime.CompilerServices;
using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Tests.Mutation.Domain;

/// <summary>What the mutators are tried on: each method has what one of them looks for.</summary>
public static class MutatorSamples
{
    private static ulong _last;

    [Flags]
    public enum Marks : uint
    {
        None = 0,
        First = 1,
        Second = 2,
    }

    public static ulong Field(ulong entry) => entry & 0xFF0;

    public static ulong Bit(ulong entry) => entry & 8;

    public static int Number(int level) => level * 9;

    public static bool Truth(ulong entry)
    {
        if (entry < 0x1000)
        {
            return false;
        }

        return true;
    }

    public static Marks Flags(Marks marks) => With(marks, Marks.Second);

    public static Marks NoFlags(Marks marks) => With(marks, Marks.None);

    public static ulong Shifted(ulong entry) => entry >> 12;

    public static long ShiftedSigned(long entry) => entry >> 3;

    public static ulong ShiftedBy(ulong entry, int amount) => entry << amount;

    public static ulong TopOfWord(ulong entry) => entry >> 63;

    public static ulong Gathered(ulong entry, ulong above) => entry & above;

    public static ulong Toggled(ulong entry, ulong above) => entry ^ above;

    public static bool Complement(ulong entry, ulong mask) => (~entry & mask) == mask;

    public static bool Denial(in Access access) => !access.Implicit;

    public static bool Unsigned(ulong entry, ulong limit) => entry < limit;

    public static bool AtLeast(int level, int least) => level >= least;

    public static bool Differs(ulong entry, ulong mask) => entry != mask;

    public static bool IsSet(ulong entry, ulong mask) => (entry & mask) != 0;

    public static int Branches(ulong entry, int level, bool leaf)
    {
        if (leaf)
        {
            return 7;
        }

        while (level > 4)
        {
            level -= (int)entry;
        }

        return level;
    }

    public static int Level(ulong address) => Place(address, 39);

    public static ulong OffsetInPage(ulong address) => address & 0x1F_FFFF;

    public static ulong WrongMember(in Pair pair) => pair.Second;

    public static bool WrongProperty(in Access access) => access.AlignmentCheck;

    public static void Marked<TMemory>(TMemory memory, PhysicalAddress at, EntryBit bits)
        where TMemory : struct, IMarkableMemory
    {
        memory.Or(at, bits);
        Keep(memory.Read(at).Value);
    }

    public static void Flushed(Others others, ulong address)
    {
        RemovePage(address);
        FlushAll(address);
        others.Until(address);
        Keep(address);
    }

    public static ulong Plumbing(in Four row, int index) => row[index];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Place(ulong address, int place) => (int)address + place;

    private static Marks With(Marks marks, Marks more) => marks | more;

    private static void RemovePage(ulong address) => _last -= address;

    // What it gives is of no use to anybody here.
    private static ulong FlushAll(ulong address) => _last ^= address;

    private static void Keep(ulong value) => _last = value;

    public static ulong Last() => _last;

    public readonly struct Pair(ulong first, ulong second, ulong third, int other)
    {
        public readonly ulong First = first;
        public readonly ulong Second = second;
        public readonly ulong Third = third;
        public readonly int Other = other;
    }

    public readonly struct Others
    {
        public void Until(ulong address) => Keep(address);
    }

    [InlineArray(4)]
    public struct Four
    {
        private ulong _first;
    }
}
