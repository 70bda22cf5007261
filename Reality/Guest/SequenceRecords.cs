using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;

namespace PageProof.Reality.Guest;

/// <summary>Writes sequences as records of the guest, and reads the answers out of them.</summary>
internal sealed class SequenceRecords(SequenceProgram program, GuestOptions options)
{
    private const ulong FrameMask = 0x000f_ffff_ffff_f000;
    private const ulong LargePage = 2UL << 20;
    private const ulong OffsetMask = 0xfff;
    private const ulong LongModeActive = 1UL << 10;
    private const ulong AlignmentCheck = 1UL << 18;
    private const ulong FlagsAlwaysSet = 2;

    private readonly ulong _base = GuestLayout.Base(options.Levels);
    private readonly List<ulong> _smallPages = [];
    private readonly List<ulong> _largePages = [];
    private readonly List<ulong> _places = [];
    private readonly HashSet<ulong> _tables = [];
    private readonly HashSet<ulong> _words = [];
    private readonly HashSet<ulong> _own = [];
    private readonly StepAnswers _answers = new(program, GuestLayout.Base(options.Levels));

    /// <summary>The most quadwords that the records of a sequence take.</summary>
    public static int LengthMax(in TlbSequence sequence) =>
        (int)BeginField.Count * 2 + Record.WordLength * SequenceProgram.WordCountMax
        + sequence.Commands.Length * SequenceProgram.Length(SequenceProgram.PlaceCountMax);

    /// <summary>Writes the records at a place of the guest's memory, and returns the next place.</summary>
    /// <exception cref="UserError">The sequence has too many tables or pages.</exception>
    public int Write(in TlbSequence sequence, Span<ulong> memory, int place)
    {
        Learn(sequence);
        int begin = place;
        place = WriteBegin(sequence, memory, place);
        foreach (var command in sequence.Commands)
        {
            place = WriteCommand(command, memory, place);
        }

        var record = memory[place..];
        int next = place + (int)BeginField.Count;
        record[(int)BeginField.Entry] = program.End;
        record[(int)BeginField.Next] = Linear(next);
        record[(int)BeginField.After] = program[GuestPlace.Finish];
        record[(int)BeginField.Begin] = Linear(begin);
        return next;
    }

    /// <summary>Writes the record that ends a run.</summary>
    public void WriteFinish(Span<ulong> memory, int place) =>
        memory[place + (int)BeginField.Entry] = program[GuestPlace.Finish];

    public static bool IsAnswered(ReadOnlySpan<ulong> memory, int place) =>
        memory[place + (int)BeginField.IsAnswered] != Record.NoAnswer;

    /// <summary>Reads the answers; null, or what the guest did with a command that no command does.</summary>
    public string? Read(in TlbSequence sequence, ReadOnlySpan<ulong> memory, int place, Span<TlbAnswer> answers)
    {
        for (int index = 0; index < answers.Length; index++)
        {
            place = (int)((memory[place + (int)StepField.Next] - _base) / 8);
            if (!_answers.TryRead(sequence.Commands[index], memory[place..], out answers[index]))
            {
                return $"{sequence.Commands[index]}: {StepAnswers.Describe(memory[place..])}";
            }
        }

        return null;
    }

    /// <summary>Which pages and tables there are in what any word ever holds.</summary>
    private void Learn(in TlbSequence sequence)
    {
        _smallPages.Clear();
        _largePages.Clear();
        _tables.Clear();
        _words.Clear();
        _own.Clear();
        foreach (var word in sequence.Start.Words)
        {
            _words.Add(word.Address.Value);
            _tables.Add(word.Address.Value & ~OffsetMask);
        }

        AddOwn(sequence.Start.Control.Cr3);
        foreach (var word in sequence.Start.Words)
        {
            AddPages(word.Entry.Value);
        }

        foreach (var command in sequence.Commands)
        {
            switch (command.Kind)
            {
                case TlbCommandKind.Store:
                    AddPages(command.Word.Entry.Value);
                    break;
                case TlbCommandKind.MoveCr3:
                    AddOwn(command.Cr3);
                    break;
            }
        }
    }

    private void AddOwn(Cr3 cr3)
    {
        ulong own = (cr3.Value & FrameMask) + 8 * GuestLayout.OwnTopIndex;
        if (own < GuestLayout.TestedEnd)
        {
            _own.Add(own);
        }
    }

    private void AddPages(ulong entry)
    {
        ulong frame = entry & FrameMask;
        if ((entry & (ulong)EntryBit.Present) == 0 || frame >= GuestLayout.TestedEnd)
        {
            return;
        }

        if ((entry & (ulong)EntryBit.PageSize) != 0 && !_largePages.Contains(frame & ~(LargePage - 1)))
        {
            _largePages.Add(frame & ~(LargePage - 1));
        }

        if (!_tables.Contains(frame) && !_smallPages.Contains(frame))
        {
            _smallPages.Add(frame);
        }
    }

    /// <summary>Where an access may come out, but never a word.</summary>
    private void FindPlaces(LinearAddress address)
    {
        _places.Clear();
        foreach (ulong page in _smallPages)
        {
            AddPlace(page | (address.Value & OffsetMask));
        }

        foreach (ulong page in _largePages)
        {
            AddPlace(page | (address.Value & (LargePage - 1)));
        }

        if (_places.Count > SequenceProgram.PlaceCountMax)
        {
            throw new UserError($"A sequence leads {address} to {_places.Count} places; a guest can look at "
                + $"{SequenceProgram.PlaceCountMax}.");
        }
    }

    private void AddPlace(ulong place)
    {
        if (!_words.Contains(place) && !_own.Contains(place) && !_places.Contains(place))
        {
            _places.Add(place);
        }
    }

    private int WriteBegin(in TlbSequence sequence, Span<ulong> memory, int place)
    {
        var start = sequence.Start;
        int words = start.Words.Length + _own.Count;
        if (words > SequenceProgram.WordCountMax)
        {
            throw new UserError($"A sequence has {words} words; a guest can set {SequenceProgram.WordCountMax}.");
        }

        var record = memory[place..];
        int next = place + (int)BeginField.Count + Record.WordLength * words;
        ulong cr4 = (ulong)(start.Control.Cr4 | Cr4.PhysicalAddressExtension);
        record[(int)BeginField.Entry] = program.Begin(words);
        record[(int)BeginField.Next] = Linear(next);
        record[(int)BeginField.After] = program[GuestPlace.Finish];
        record[(int)BeginField.Cr0] = Cr0Of(start.Control.Cr0);
        record[(int)BeginField.Efer] = (ulong)(start.Control.Efer | Efer.LongModeEnable) | LongModeActive;
        record[(int)BeginField.Cr4WithKeys] = cr4 | (ulong)Cr4.ProtectionKeys;
        record[(int)BeginField.Pkru] = start.Control.Pkru.Value;
        record[(int)BeginField.Cr4] = cr4;
        record[(int)BeginField.Cr3] = start.Control.Cr3.Value;
        record[(int)BeginField.RestoreEntry] = program.Restore(words);
        record[(int)BeginField.IsAnswered] = Record.NoAnswer;
        var list = record[(int)BeginField.Count..];
        foreach (var word in start.Words)
        {
            list = PutWord(list, word.Address.Value, word.Entry.Value);
        }

        foreach (ulong own in _own)
        {
            list = PutWord(list, own, GuestLayout.OwnTopEntry(options.Levels));
        }

        return next;
    }

    private Span<ulong> PutWord(Span<ulong> list, ulong address, ulong content)
    {
        list[0] = _base + address;
        list[1] = content;
        list[2] = TranslationCase.Background(new(address)).Value;
        return list[Record.WordLength..];
    }

    private int WriteCommand(in TlbCommand command, Span<ulong> memory, int place)
    {
        bool comesOut = command.Kind == TlbCommandKind.Access && command.Access.Kind != AccessKind.Read;
        _places.Clear();
        if (comesOut)
        {
            FindPlaces(command.Access.Address);
        }

        var record = memory[place..];
        int next = place + SequenceProgram.Length(_places.Count);
        Put(record, StepField.Entry, program.Entry(command.Kind));
        Put(record, StepField.Next, Linear(next));
        Put(record, StepField.After, program.Advance);
        Put(record, StepField.Operand, OperandOf(command));
        Put(record, StepField.Content, command.Word.Entry.Value);
        record[(int)StepField.Vector..(int)StepField.Count].Fill(Record.NoAnswer);
        if (command.Kind == TlbCommandKind.Access)
        {
            WriteAccess(command.Access, record);
        }

        return next;
    }

    private void WriteAccess(in Access access, Span<ulong> record)
    {
        bool user = access.Cpl == PrivilegeLevel.Ring3;
        Put(record, StepField.Frame, program.Instruction(access).Start);
        Put(record, StepField.CodeSegment, user ? Selectors.UserCode64 : Selectors.Code64);
        Put(record, StepField.Flags, FlagsAlwaysSet | (access.AlignmentCheck ? AlignmentCheck : 0));
        Put(record, StepField.StackPointer, 0);
        Put(record, StepField.StackSegment, user ? Selectors.UserData : Selectors.Data);
        if (access.Kind == AccessKind.Fetch)
        {
            Put(record, StepField.Entry, program.Fetch(_places.Count));
            Put(record, StepField.After, program.AfterFetch(_places.Count));
        }
        else if (access.Kind == AccessKind.Write)
        {
            Put(record, StepField.After, program.AfterStore(_places.Count));
        }

        var list = record[(int)StepField.Count..];
        foreach (ulong place in _places)
        {
            list[0] = _base + place;
            list[1] = TranslationCase.Background(new(place)).Value;
            list = list[2..];
        }
    }

    private ulong OperandOf(in TlbCommand command) => command.Kind switch
    {
        TlbCommandKind.Store or TlbCommandKind.Load => _base + command.Word.Address.Value,
        TlbCommandKind.Access => command.Access.Address.Value,
        TlbCommandKind.InvalidatePage => command.Address.Value,
        TlbCommandKind.MoveCr0 => Cr0Of(command.Cr0),
        TlbCommandKind.MoveCr3 => command.Cr3.Value,
        TlbCommandKind.MoveCr4 => (ulong)command.Cr4,
        _ => command.Pkru.Value,
    };

    private static ulong Cr0Of(Cr0 cr0) => GuestImage.Cr0AtStart | (ulong)cr0;

    private ulong Linear(int place) => _base + 8 * (ulong)place;

    private static void Put(Span<ulong> record, StepField field, ulong value) => record[(int)field] = value;
}
