using PageProof.Contract;
using PageProof.Contract.Tlb;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// Whom a machine tells what it does, and the hashes by which an explorer knows a state again: one of
/// memory, kept up with each change, and one for each CPU of all that its program has read so far.
/// </summary>
internal sealed class MachineWatch
{
    private const ulong Gamma = 0x9E37_79B9_7F4A_7C15;

    private readonly ulong[] _histories = new ulong[ShootdownStart.CpusMax];
    private ulong _memory;

    /// <summary>Who is told; null while a machine begins.</summary>
    public IObserve? Observer { get; set; }

    /// <summary>Forgets what was hashed.</summary>
    public void Reset()
    {
        _memory = 0;
        _histories.AsSpan().Clear();
    }

    /// <summary>Tells an event.</summary>
    public void Tell(in TlbEvent happened) => Observer?.Observe(happened);

    /// <summary>
    /// The program of a CPU has come to somewhere, or has read something that others may change and that it
    /// still goes by after its next point.
    /// </summary>
    // Survivor: to take the constant away scatters as well as to add it; so below.
    public void HasRead(CpuNumber cpu, ulong value) =>
        _histories[cpu.Value] = Mix(_histories[cpu.Value] + Gamma ^ value);

    /// <summary>A quadword of memory has changed.</summary>
    public void Changed(PhysicalAddress at, ulong old, ulong entry) => _memory ^= HashOf(at, old) ^ HashOf(at, entry);

    /// <summary>Whether the hash of memory, worked out anew from all its words, is the one kept up.</summary>
    public bool IsOf(ReadOnlySpan<ulong> words)
    {
        ulong memory = 0;
        for (int index = 0; index < words.Length; index++)
        {
            PhysicalAddress at = new(8 * (ulong)index);
            memory ^= words[index] == 0 ? 0 : HashOf(at, 0) ^ HashOf(at, words[index]);
        }

        return memory == _memory;
    }

    /// <summary>The hash of memory and of what was read.</summary>
    public ulong Hash()
    {
        ulong hash = _memory;
        foreach (ulong history in _histories)
        {
            // Survivor: as above.
            hash = Mix(hash + Gamma ^ history);
        }

        return hash;
    }

    /// <summary>Scatters a word. SplitMix64.</summary>
    public static ulong Mix(ulong word)
    {
        // Survivor: it need not scatter well; each bit alone must come through.
        word = (word ^ word >> 30) * 0xBF58_476D_1CE4_E5B9;
        word = (word ^ word >> 27) * 0x94D0_49BB_1331_11EB;
        return word ^ word >> 31;
    }

    private static ulong HashOf(PhysicalAddress at, ulong held) => Mix(at.Value + Gamma * Mix(held));
}
