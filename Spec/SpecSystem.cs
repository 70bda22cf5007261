using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Contract.Paging;
using PageProof.Contract.Reclaim;
using PageProof.Contract.Tlb;
using PageProof.Spec.Hardening;
using PageProof.Spec.Paging;
using PageProof.Spec.Reclaim;
using PageProof.Spec.Tlb;

namespace PageProof.Spec;

/// <summary>
/// The Spec itself behind the door, so that the laws which need no Spec are put to it too. Where the
/// Spec leaves a choice, this marks as little as it may.
/// </summary>
public sealed class SpecSystem : ISystem
{
    /// <inheritdoc/>
    public string Name => "spec";

    /// <inheritdoc/>
    public ITranslator? OpenTranslator() => new Translator();

    /// <inheritdoc/>
    public ITlbOracle? OpenTlbOracle() => new Oracle();

    /// <inheritdoc/>
    public IAslr? OpenAslr() => new Aslr();

    /// <inheritdoc/>
    public IReplacementPolicy? OpenPolicies() => new SpecPolicies();

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // The Spec leaves open how words are drawn: these are hashes of the seed and the place of a word.
    private sealed class Aslr : IAslr
    {
        public LayoutDraws Draw(ulong seed) => new(
            Word(seed, 0), Word(seed, 1), Word(seed, 2), Word(seed, 3), Word(seed, 4), Word(seed, 5), Word(seed, 6),
            Word(seed, 7));

        public void Place(ReadOnlySpan<LayoutRequest> requests, Span<AddressSpaceLayout> layouts)
        {
            for (int place = 0; place < requests.Length; place++)
            {
                layouts[place] = AslrSpec.Next(requests[place]);
            }
        }

        public void Dispose()
        {
        }

        private static RandomWord Word(ulong seed, ulong place)
        {
            ulong word = seed * 8 + place;
            for (int round = 0; round < 3; round++)
            {
                word = (word ^ word >> 32) * 0xD6E8_FEB8_6659_FD93 + 0x9E37_79B9_7F4A_7C15;
            }

            return new(word ^ word >> 32);
        }
    }

    private sealed class Oracle : ITlbOracle
    {
        public int FirstRefused(in TlbSequence sequence, ReadOnlySpan<TlbAnswer> answers)
        {
            TlbState? state = TlbSpec.Begin(sequence);
            for (int index = 0; index < answers.Length; index++)
            {
                state = TlbSpec.Follow(state, sequence.Commands[index], answers[index]).State;
                if (state is null)
                {
                    return index;
                }
            }

            return -1;
        }

        public void Dispose()
        {
        }
    }

    private sealed class Translator : ITranslator
    {
        private static readonly EntryBit[] Marks =
            [EntryBit.None, EntryBit.Accessed, EntryBit.Accessed | EntryBit.Dirty];

        public TranslatorCapabilities Capabilities { get; } = new() { Memory = new(16UL << 20) };

        public void Translate(ReadOnlySpan<TranslationCase> cases, Span<TranslationAnswer> answers)
        {
            for (int place = 0; place < cases.Length; place++)
            {
                answers[place].Outcome = TranslationSpec.Walk(cases[place]).Outcome;
                answers[place].Known = AnswerParts.All;
                for (int word = 0; word < cases[place].Words.Length; word++)
                {
                    answers[place].Left[word] = LeastMarked(cases[place], word);
                }
            }
        }

        public void Dispose()
        {
        }

        private static PagingEntry LeastMarked(in TranslationCase asked, int word)
        {
            foreach (var marks in Marks)
            {
                PagingEntry left = new(asked.Words[word].Entry.Value | (ulong)marks);
                if (TranslationSpec.Permits(asked, word, left))
                {
                    return left;
                }
            }

            return asked.Words[word].Entry;
        }
    }
}
