using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;

namespace PageProof.Reality.Guest;

/// <summary>
/// The memory of a guest that runs sequences: images, and as many sequences of one paging mode as fit. A
/// host fills it, lets the guest run, and takes the answers.
/// </summary>
internal sealed class SequenceRun : IDisposable
{
    private readonly GuestImage?[] _images = new GuestImage?[6];
    private readonly SequenceRecords?[] _records = new SequenceRecords?[6];
    private readonly List<int> _places = [];
    private bool _isClean;

    public SequenceRun(params GuestOptions[] options)
    {
        foreach (var option in options)
        {
            SequenceProgram program = new(option);
            _images[option.Levels] = new(option.Levels, program);
            _records[option.Levels] = new(program, option);
        }

        Memory = new("pageproof-guest", GuestLayout.End);
    }

    public MemoryFile Memory { get; }

    /// <summary>The paging mode of the sequences that it holds.</summary>
    public int Levels { get; private set; }

    public GuestImage Image => _images[Levels]!;

    /// <summary>How many sequences it holds.</summary>
    public int Count => _places.Count;

    /// <summary>How many commands they have together.</summary>
    public int Commands { get; private set; }

    public static int LevelsOf(in ControlState control) => control.Cr4.HasFlag(Cr4.FiveLevelPaging) ? 5 : 4;

    /// <summary>
    /// Takes the sequences, all of one paging mode, in the given order while they fit; returns how many it
    /// took.
    /// </summary>
    public int Fill(ReadOnlySpan<TlbSequence> sequences, ReadOnlySpan<int> order)
    {
        _places.Clear();
        Commands = 0;
        Levels = LevelsOf(sequences[order[0]].Start.Control);
        var records = _records[Levels]!;
        var words = Memory.Words;
        if (!_isClean)
        {
            GuestRun.FillBackground(words);
        }

        Image.Write(Memory.Bytes);
        int place = GuestLayout.RecordsStart / 8;
        Image.Set(Memory.Bytes, GuestPlace.First, GuestLayout.Base(Levels) + 8 * (ulong)place);
        foreach (int index in order)
        {
            if (place + SequenceRecords.LengthMax(sequences[index]) + (int)BeginField.Count > words.Length)
            {
                break;
            }

            _places.Add(place);
            Commands += sequences[index].Commands.Length;
            place = records.Write(sequences[index], words, place);
        }

        records.WriteFinish(words, place);
        _isClean = false;
        return Count;
    }

    /// <summary>Reads the answers to the sequence that was taken at this place in the order.</summary>
    /// <param name="number">The place in the order.</param>
    /// <param name="sequence">The sequence.</param>
    /// <param name="answers">Where the answers go.</param>
    /// <param name="host">The name of the host, for a guest that failed.</param>
    /// <param name="failure">Why the guest ended early, if it did.</param>
    /// <exception cref="UserError">There is no answer, or one that makes no sense.</exception>
    public void Read(int number, in TlbSequence sequence, Span<TlbAnswer> answers, string host, string? failure)
    {
        ReadOnlySpan<ulong> words = Memory.Words;
        if (!SequenceRecords.IsAnswered(words, _places[number]))
        {
            throw new UserError($"{host} did not answer sequence {number} of {Count}: "
                + $"{failure ?? "the guest ended early"}. The sequence:\n{sequence}");
        }

        if (_records[Levels]!.Read(sequence, words, _places[number], answers) is { } nonsense)
        {
            throw new UserError($"{host} did what no command does. {nonsense}. The sequence:\n{sequence}");
        }
    }

    /// <summary>The guest has ended as it should, and left the tested memory as it was.</summary>
    public void Finish(string host, string? failure)
    {
        if (failure is not null)
        {
            throw new UserError($"{host} answered all {Count} sequences and then failed: {failure}.");
        }

        _isClean = true;
    }

    public void Dispose() => Memory.Dispose();
}
