using System.Runtime.InteropServices;
using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Reality.Guest;

/// <summary>
/// The memory of a guest and what is in it: images, and as many cases as fit. A host fills it, lets
/// the guest run, and takes the answers.
/// </summary>
internal sealed class GuestRun : IDisposable
{
    private readonly GuestImage?[] _images = new GuestImage?[6];
    private readonly CaseRecords?[] _records = new CaseRecords?[6];
    private readonly List<(int Case, int Place, int Levels)> _cases = [];
    private bool _isClean;
    private int _place;

    public GuestRun(params GuestOptions[] options)
    {
        foreach (var option in options)
        {
            GuestProgram program = new(option);
            _images[option.Levels] = new(option.Levels, program);
            _records[option.Levels] = new(program, option);
        }

        Memory = new("pageproof-guest", GuestLayout.End);
    }

    public MemoryFile Memory { get; }

    /// <summary>The paging mode of the first case.</summary>
    public int FirstLevels => _cases[0].Levels;

    public int Count => _cases.Count;

    public GuestImage Image(int levels) => _images[levels]!;

    public static int LevelsOf(in TranslationCase translationCase) =>
        translationCase.Control.Cr4.HasFlag(Cr4.FiveLevelPaging) ? 5 : 4;

    /// <summary>
    /// Takes the cases in the given order while they fit, those of one paging mode before those of
    /// the other; returns how many it took.
    /// </summary>
    public int Fill(ReadOnlySpan<TranslationCase> cases, ReadOnlySpan<int> order)
    {
        _cases.Clear();
        var words = Memory.Words;
        CleanTestedMemory(words);
        foreach (var image in _images)
        {
            image?.Write(Memory.Bytes);
        }

        _place = GuestLayout.RecordsStart / 8;
        int levels = 0;
        foreach (int index in order)
        {
            ref readonly var translationCase = ref cases[index];
            int length = CaseRecords.Length(translationCase) + 2 * CaseRecords.EndLength;
            if (_place + length > words.Length)
            {
                break;
            }

            int wanted = LevelsOf(translationCase);
            var records = _records[wanted]!;
            if (wanted != levels)
            {
                Begin(levels, wanted);
            }

            int place = _place;
            _place = records.Write(translationCase, words, place);
            if (wanted == levels)
            {
                var (before, placeBefore, _) = _cases[^1];
                records.Join(words, cases[before], placeBefore, translationCase, place);
            }

            levels = wanted;
            _cases.Add((index, place, levels));
        }

        _records[levels]!.WriteEnd(words, _place, GuestPlace.Finish);
        _isClean = false;
        return _cases.Count;
    }

    /// <summary>Reads all answers.</summary>
    /// <param name="cases">The cases that the guest was given.</param>
    /// <param name="answers">Where the answers go.</param>
    /// <param name="host">The name of the host, for a guest that failed.</param>
    /// <param name="failure">Why the guest ended early, if it did.</param>
    /// <exception cref="UserError">A case has no answer, or one that makes no sense.</exception>
    public void Read(
        ReadOnlySpan<TranslationCase> cases,
        Span<TranslationAnswer> answers,
        string host,
        string? failure)
    {
        ReadOnlySpan<ulong> words = Memory.Words;
        foreach (var (index, place, levels) in CollectionsMarshal.AsSpan(_cases))
        {
            if (!CaseRecords.IsAnswered(words, place))
            {
                throw new UserError($"{host} did not answer case {index} of {cases.Length}: "
                    + $"{failure ?? "the guest ended early"}. The case:\n{cases[index]}");
            }

            if (!_records[levels]!.TryRead(cases[index], words, place, out answers[index]))
            {
                throw new UserError(
                    $"{host} did with case {index} of {cases.Length} what no access does: "
                    + $"{CaseRecords.Describe(words, place)}. The case:\n{cases[index]}");
            }
        }

        if (failure is not null)
        {
            throw new UserError($"{host} answered all {Count} cases and then failed: {failure}.");
        }

        _isClean = true;
    }

    public void Dispose() => Memory.Dispose();

    private void Begin(int from, int to)
    {
        var words = Memory.Words;
        if (from != 0)
        {
            _images[from]!.Set(Memory.Bytes, GuestPlace.NextBootBlock, _images[to]!.BootBlock);
            _records[from]!.WriteEnd(words, _place, GuestPlace.Leave);
            _place += CaseRecords.EndLength;
        }

        _images[to]!.Set(Memory.Bytes, GuestPlace.First, GuestLayout.Base(to) + 8 * (ulong)_place);
    }

    /// <summary>Fills the tested memory with background.</summary>
    public static void FillBackground(Span<ulong> words)
    {
        for (int index = 0; index < GuestLayout.TestedEnd / 8; index++)
        {
            words[index] = TranslationCase.Background(new(8 * (ulong)index)).Value;
        }
    }

    /// <summary>
    /// The guest leaves the tested memory clean, unless it failed or has not run yet.
    /// </summary>
    private void CleanTestedMemory(Span<ulong> words)
    {
        if (!_isClean)
        {
            FillBackground(words);
        }
    }
}
