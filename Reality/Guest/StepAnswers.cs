using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;

namespace PageProof.Reality.Guest;

/// <summary>Reads the answer to a command out of its record.</summary>
internal sealed class StepAnswers(SequenceProgram program, ulong window)
{
    /// <summary>What no real machine shows of a translation.</summary>
    public const AnswerParts Hidden = AnswerParts.Size | AnswerParts.Rights | AnswerParts.Global
        | AnswerParts.Dirty | AnswerParts.Key | AnswerParts.Type;

    private const ulong UndefinedOpcode = 6;
    private const ulong StackFault = 12;
    private const ulong GeneralProtection = 13;
    private const ulong PageFault = 14;
    private const ulong OffsetMask = 0xfff;

    /// <summary>Reads an answer; false if the guest did what no command does.</summary>
    public bool TryRead(in TlbCommand command, ReadOnlySpan<ulong> record, out TlbAnswer answer)
    {
        ulong vector = Get(record, StepField.Vector);
        switch (command.Kind)
        {
            case TlbCommandKind.Access:
                answer = new()
                {
                    Kind = TlbAnswerKind.Outcome,
                    Outcome = OutcomeOf(command.Access, record),
                    Hidden = Hidden,
                };
                return answer.Outcome.Kind != OutcomeKind.None;
            case TlbCommandKind.Load:
                answer = new() { Kind = TlbAnswerKind.Word, Entry = new(Get(record, StepField.Data)) };
                return vector == Record.NoAnswer;
            case TlbCommandKind.MoveCr0 or TlbCommandKind.MoveCr3 or TlbCommandKind.MoveCr4
                when vector == GeneralProtection && Get(record, StepField.ErrorCode) == 0:
                answer = new() { Kind = TlbAnswerKind.GeneralProtection };
                return true;
            case TlbCommandKind.WritePkru when vector == UndefinedOpcode:
                answer = new() { Kind = TlbAnswerKind.InvalidOpcode };
                return true;
            default:
                answer = new() { Kind = TlbAnswerKind.Done };
                return vector == Record.NoAnswer;
        }
    }

    /// <summary>What the guest saw, in words, for a command whose answer makes no sense.</summary>
    public static string Describe(ReadOnlySpan<ulong> record) =>
        $"vector 0x{Get(record, StepField.Vector):x}, error code 0x{Get(record, StepField.ErrorCode):x}, "
        + $"RIP 0x{Get(record, StepField.Rip):x}, CR2 0x{Get(record, StepField.Cr2):x}, "
        + $"data 0x{Get(record, StepField.Data):x}, stored at 0x{Get(record, StepField.StoredAt):x}";

    private static ulong Get(ReadOnlySpan<ulong> record, StepField field) => record[(int)field];

    private TranslationOutcome OutcomeOf(in Access access, ReadOnlySpan<ulong> record)
    {
        ulong rip = Get(record, StepField.Rip), error = Get(record, StepField.ErrorCode);
        var (start, end) = program.Instruction(access);
        bool isFetch = access.Kind == AccessKind.Fetch;
        bool atAccess = rip == start || (isFetch && rip == end);
        bool isPast = rip == (isFetch ? end + SequenceProgram.FetchLength : end);
        return Get(record, StepField.Vector) switch
        {
            UndefinedOpcode when isPast => CameOutAt(access, record),
            PageFault when atAccess && error < 1 << 7 =>
                TranslationOutcome.PageFault((PageFaultCode)error, new(Get(record, StepField.Cr2))),
            GeneralProtection when atAccess && error == 0 => TranslationOutcome.GeneralProtection(),
            StackFault when atAccess && error == 0 => TranslationOutcome.StackFault(),
            _ => default,
        };
    }

    private TranslationOutcome CameOutAt(in Access access, ReadOnlySpan<ulong> record)
    {
        ulong data = Get(record, StepField.Data);
        ulong at = access.Kind switch
        {
            AccessKind.Write => Get(record, StepField.StoredAt),
            AccessKind.Fetch => record[SequenceProgram.Length((byte)data)] - window,
            _ => data >> 8,
        };
        bool isTold = at < GuestLayout.TestedEnd && ((at ^ access.Address.Value) & OffsetMask) == 0
            && (access.Kind != AccessKind.Read || TranslationCase.Background(new(at)).Value == data);
        return isTold
            ? TranslationOutcome.Translated(new(at), default, default, false, false, default, default)
            : default;
    }
}
