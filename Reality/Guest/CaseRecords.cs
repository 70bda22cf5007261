using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Reality.Guest;

/// <summary>Writes cases as records of the guest, and reads the answers out of them.</summary>
internal sealed class CaseRecords(GuestProgram program, GuestOptions options)
{
    private const ulong UndefinedOpcode = 6;
    private const ulong StackFault = 12;
    private const ulong GeneralProtection = 13;
    private const ulong PageFault = 14;
    private const ulong AlignmentCheck = 1UL << 18;
    private const ulong FlagsAlwaysSet = 2;
    private const ulong InstructionLengthMax = 15;

    private readonly ulong _base = GuestLayout.Base(options.Levels);
    private readonly ulong _own = GuestLayout.OwnTopEntry(options.Levels);

    /// <summary>The quadwords that the record of a case takes.</summary>
    public static int Length(in TranslationCase translationCase) =>
        Record.Length(translationCase.Words.Length + 1);

    /// <summary>The quadwords that the record takes which ends a run.</summary>
    public static int EndLength => Record.Length(0);

    /// <summary>
    /// Writes the record at a place of the guest's memory, and returns the next place.
    /// </summary>
    public int Write(in TranslationCase translationCase, Span<ulong> memory, int place)
    {
        var words = translationCase.Words;
        var record = memory[place..];
        var control = translationCase.Control;
        ulong own = OwnWord(control);
        int next = place + Record.Length(words.Length + 1);
        Put(record, RecordField.Cr0, GuestImage.Cr0AtStart | (ulong)control.Cr0);
        Put(record, RecordField.Efer, (ulong)(control.Efer | Efer.LongModeEnable) | LongModeActive);
        Put(record, RecordField.Cr4, (ulong)(control.Cr4 | Cr4.PhysicalAddressExtension));
        Put(record, RecordField.Cr3, control.Cr3.Value);
        Put(record, RecordField.Pkru, control.Pkru.Value);
        Put(record, RecordField.Address, translationCase.Access.Address.Value);
        Put(record, RecordField.Next, _base + 8 * (ulong)next);
        Put(record, RecordField.WordCount, (ulong)words.Length + 1);
        Put(record, RecordField.Leftover, _base + 8 * (ulong)(place + (int)RecordField.Scratch));
        WriteEntries(record, translationCase.Access.Kind, words.Length + 1);
        WriteFrame(record, translationCase.Access);
        record[(int)RecordField.Vector..(int)RecordField.Count].Fill(Record.NoAnswer);
        var list = record[(int)RecordField.Count..];
        foreach (var word in words)
        {
            list = PutWord(list, word.Address.Value, word.Entry.Value);
        }

        PutWord(list, own, _own);
        return next;
    }

    /// <summary>
    /// Joins the records of two cases that follow each other: if the second can be set up from the
    /// tables of the first, the guest need not go home in between, which saves a load of CR3. The
    /// word by which the first maps the guest is then restored only when the second's tables are
    /// in use.
    /// </summary>
    public void Join(
        Span<ulong> memory,
        in TranslationCase firstCase,
        int firstPlace,
        in TranslationCase secondCase,
        int secondPlace)
    {
        ulong own = OwnWord(firstCase.Control);
        if (!CanStay(firstCase.Control, secondCase.Control)
            || secondCase.IndexOf(new(own)) >= 0 || MayBeTakenForStore(firstCase, own))
        {
            return;
        }

        var record = memory[firstPlace..];
        ulong restore = program.Restore(firstCase.Words.Length);
        Put(record, RecordField.HomeEntry, restore);
        if (firstCase.Access.Kind == AccessKind.Read)
        {
            Put(record, RecordField.ProbeEntry, restore);
        }

        if (own != OwnWord(secondCase.Control))
        {
            var next = memory[secondPlace..];
            Put(next, RecordField.Leftover, _base + own);
            Put(next, RecordField.LeftoverContent, TranslationCase.Background(new(own)).Value);
        }
    }

    /// <summary>Writes the record that ends a run, or goes on with the other paging mode.</summary>
    public void WriteEnd(Span<ulong> memory, int place, GuestPlace end) =>
        memory[place + (int)RecordField.SetEntry] = program[end];

    public static bool IsAnswered(ReadOnlySpan<ulong> memory, int place) =>
        memory[place + (int)RecordField.Vector] != Record.NoAnswer;

    /// <summary>Reads an answer; false if the guest did what no access does.</summary>
    public bool TryRead(
        in TranslationCase translationCase,
        ReadOnlySpan<ulong> memory,
        int place,
        out TranslationAnswer answer)
    {
        var record = memory[place..];
        var access = translationCase.Access;
        answer = default;
        answer.Known = AnswerParts.Words;
        var words = translationCase.Words;
        for (int index = 0; index < words.Length; index++)
        {
            answer.Left[index] = new(record[Record.Length(index) + 1]);
        }

        ulong rip = Get(record, RecordField.Rip);
        ulong error = Get(record, RecordField.ErrorCode);
        var (start, end) = program.Instruction(access);
        bool atAccess = rip == start || (access.Kind == AccessKind.Fetch && rip == end);
        switch (Get(record, RecordField.Vector))
        {
            case UndefinedOpcode when rip == end:
                return TryReadAddress(translationCase, record, ref answer);
            case PageFault when atAccess && error < 1 << 7:
                answer.Outcome = TranslationOutcome.PageFault(
                    (PageFaultCode)error, new(Get(record, RecordField.Cr2)));
                return true;
            case GeneralProtection when atAccess && error == 0:
                answer.Outcome = TranslationOutcome.GeneralProtection();
                return true;
            case StackFault when atAccess && error == 0:
                answer.Outcome = TranslationOutcome.StackFault();
                return true;
            default:
                return false;
        }
    }

    /// <summary>What the guest saw, in words, for a case whose answer makes no sense.</summary>
    public static string Describe(ReadOnlySpan<ulong> memory, int place)
    {
        var record = memory[place..];
        return $"vector {Get(record, RecordField.Vector)}, "
            + $"error code 0x{Get(record, RecordField.ErrorCode):x}, "
            + $"RIP 0x{Get(record, RecordField.Rip):x}, CR2 0x{Get(record, RecordField.Cr2):x}, "
            + $"data 0x{Get(record, RecordField.Data):x}, probe 0x{Get(record, RecordField.Probe):x}, "
            + $"stored at 0x{Get(record, RecordField.StoredAt):x}";
    }

    private const ulong LongModeActive = 1UL << 10;

    private static ulong OwnWord(in ControlState control) =>
        (control.Cr3.Value & 0x000f_ffff_ffff_f000) + 8 * GuestLayout.OwnTopIndex;

    /// <summary>
    /// The word by which the guest maps itself holds what a store writes. As long as it stands, the
    /// search for the store must not come by it: through a neighbour that is listed, or through a
    /// word that claims to be the neighbour.
    /// </summary>
    private static bool MayBeTakenForStore(in TranslationCase translationCase, ulong own)
    {
        if (translationCase.Access.Kind != AccessKind.Write)
        {
            return false;
        }

        PhysicalAddress neighbour = new(own ^ 8);
        foreach (ref readonly var word in translationCase.Words)
        {
            if (word.Address == neighbour || word.Entry == TranslationCase.Background(neighbour))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The same state, and none in which a load of CR3 drops less than everything or may be
    /// refused.
    /// </summary>
    private bool CanStay(in ControlState first, in ControlState second) =>
        (first.Cr0, first.Cr4, first.Efer) == (second.Cr0, second.Cr4, second.Efer)
        && !first.Cr4.HasFlag(Cr4.ProcessContextIdentifiers)
        && !(options.KeepsGlobals && first.Cr4.HasFlag(Cr4.PageGlobalEnable));

    private static void Put(Span<ulong> record, RecordField field, ulong value) =>
        record[(int)field] = value;

    private static ulong Get(ReadOnlySpan<ulong> record, RecordField field) => record[(int)field];

    private Span<ulong> PutWord(Span<ulong> list, ulong address, ulong content)
    {
        list[0] = _base + address;
        list[1] = content;
        list[2] = TranslationCase.Background(new(address)).Value;
        return list[Record.WordLength..];
    }

    private void WriteEntries(Span<ulong> record, AccessKind kind, int words)
    {
        Put(record, RecordField.SetEntry, program.Set(words));
        Put(record, RecordField.SaveEntry, program.Save(words));
        Put(record, RecordField.RestoreEntry, program.Restore(words));
        Put(record, RecordField.ProbeEntry, program[kind switch
        {
            AccessKind.Write => GuestPlace.ProbeStore,
            AccessKind.Fetch => GuestPlace.ProbeFetch,
            _ => GuestPlace.Home,
        }]);
        Put(record, RecordField.HomeEntry, program[GuestPlace.Home]);
        Put(record, RecordField.UndoEntry,
            program[kind == AccessKind.Write ? GuestPlace.UndoStore : GuestPlace.Advance]);
    }

    private void WriteFrame(Span<ulong> record, in Access access)
    {
        bool user = access.Cpl == PrivilegeLevel.Ring3;
        Put(record, RecordField.Frame, program.Instruction(access).Start);
        Put(record, RecordField.CodeSegment, user ? Selectors.UserCode64 : Selectors.Code64);
        Put(record, RecordField.Flags, FlagsAlwaysSet | (access.AlignmentCheck ? AlignmentCheck : 0));
        Put(record, RecordField.StackPointer, 0);
        Put(record, RecordField.StackSegment, user ? Selectors.UserData : Selectors.Data);
    }

    private bool TryReadAddress(
        in TranslationCase translationCase, ReadOnlySpan<ulong> record, ref TranslationAnswer answer)
    {
        var access = translationCase.Access;
        ulong own = OwnWord(translationCase.Control);
        if (access.Kind == AccessKind.Write)
        {
            ulong stored = Get(record, RecordField.StoredAt);
            Translated(ref answer, stored, isKnown: stored != Record.NoAnswer);
            // The store can hide only where it repeats what is there.
            return stored != Record.NoAnswer || IsInPlace(own, access);
        }

        bool isFetch = access.Kind == AccessKind.Fetch;
        if (isFetch && options.ReadsAhead && EndsPage(access.Address))
        {
            answer.Known &= ~AnswerParts.Words;
        }

        ulong seen = Get(record, isFetch ? RecordField.Probe : RecordField.Data);
        int candidates = 0;
        ulong found = 0;
        for (int index = 0; index < translationCase.Words.Length; index++)
        {
            ulong address = translationCase.Words[index].Address.Value;
            if (answer.Left[index].Value == seen && IsInPlace(address, access))
            {
                (candidates, found) = (candidates + 1, address);
            }
        }

        if ((seen & ~(ulong)EntryBit.Dirty) == _own && IsInPlace(own, access))
        {
            (candidates, found) = (candidates + 1, own);
        }

        ulong told = seen >> 8;
        if (IsBackground(seen) && IsInPlace(told, access) && translationCase.IndexOf(new(told)) < 0)
        {
            (candidates, found) = (candidates + 1, told);
        }

        Translated(ref answer, found, isKnown: candidates == 1);
        return candidates > 0;
    }

    /// <summary>Whether an instruction that begins here may go on in the next page.</summary>
    private static bool EndsPage(LinearAddress address) =>
        (address.Value & 0xfff) > 0x1000 - InstructionLengthMax;

    private static bool IsBackground(ulong content) => content >> 8 < GuestLayout.TestedEnd
        && TranslationCase.Background(new(content >> 8)).Value == content;

    /// <summary>Paging keeps the offset within the smallest page.</summary>
    private static bool IsInPlace(ulong address, in Access access) =>
        ((address ^ access.Address.Value) & 0xfff) == 0;

    private static void Translated(ref TranslationAnswer answer, ulong address, bool isKnown)
    {
        answer.Known |= isKnown ? AnswerParts.Address : AnswerParts.None;
        answer.Outcome = TranslationOutcome.Translated(
            new(isKnown ? address : 0), default, default, false, false, default, default);
    }
}
