using PageProof.Contract.Paging;
using static Iced.Intel.AssemblerRegisters;

namespace PageProof.Reality.Guest;

// From the exception to the next record.
internal sealed partial class GuestProgram
{
    private void EmitVectors()
    {
        EmitHandlers(Field(RecordField.Data), Field(RecordField.ErrorCode));
        Code.mov(Field(RecordField.Vector), rax);
        Code.mov(rax, __qword_ptr[rsp]);
        Code.mov(Field(RecordField.Rip), rax);
        Code.mov(rax, cr2);
        Code.mov(Field(RecordField.Cr2), rax);
        Code.jmp(Field(RecordField.SaveEntry));
    }

    private void EmitSave()
    {
        for (int words = WordCountMax; words > 0; words--)
        {
            Code.Label(ref _save[words]);
            Code.mov(rax, Word(words - 1, 0));
            Code.mov(rbx, __qword_ptr[rax]);
            Code.mov(Word(words - 1, 1), rbx);
        }

        Code.Label(ref _save[0]);
        Code.jmp(Field(RecordField.ProbeEntry));
    }

    /// <summary>
    /// After a store the neighbour tells where the page lies, and after a fetch the instruction
    /// itself. They are read with AC set and no key forbidden, so that nothing forbids it.
    /// </summary>
    private void EmitProbes()
    {
        var probe = Code.CreateLabel();
        var none = Code.CreateLabel();
        Mark(GuestPlace.ProbeFetch);
        Code.mov(rbx, Field(RecordField.Address));
        Code.cmp(rbx, Field(RecordField.Rip));
        Code.jne(none);
        Code.jmp(probe);
        Mark(GuestPlace.ProbeStore);
        Code.mov(rbx, Field(RecordField.Address));
        Code.xor(rbx, 8);
        Code.Label(ref probe);
        Code.cmp(Field(RecordField.Vector), UndefinedOpcode);
        Code.jne(none);
        Code.push(RelaxedFlags);
        Code.popfq();
        EmitLoadKeys(() => Code.xor(eax, eax));
        Code.mov(rax, __qword_ptr[rbx]);
        Code.mov(Field(RecordField.Probe), rax);
        Code.Label(ref none);
        Code.jmp(Field(RecordField.HomeEntry));
    }

    /// <summary>
    /// Back to the guest's own tables, unless the next case can be set up from those of this one.
    /// The load of CR3 drops the translations of the case, except, on most processors, the global
    /// ones: those go when PGE does.
    /// </summary>
    private void EmitHome()
    {
        Mark(GuestPlace.Home);
        Code.mov(cr3, HomeCr3);
        if (Options.KeepsGlobals)
        {
            var without = Code.CreateLabel();
            Code.btr(CurrentCr4, BitOf(Cr4.PageGlobalEnable));
            Code.jnc(without);
            Code.mov(cr4, CurrentCr4);
            Code.Label(ref without);
        }

        Code.jmp(Field(RecordField.RestoreEntry));
        for (int words = WordCountMax; words > 0; words--)
        {
            Code.Label(ref _restore[words]);
            Code.mov(rax, Word(words - 1, 0));
            Code.mov(rbx, Word(words - 1, 2));
            Code.mov(__qword_ptr[rax], rbx);
        }

        Code.Label(ref _restore[0]);
        Code.jmp(Field(RecordField.UndoEntry));
    }

    /// <summary>
    /// Finds where the store went and puts the background back. If the neighbour is a listed word
    /// and so does not tell its address, the neighbours of all listed words are looked at.
    /// </summary>
    private void EmitUndo()
    {
        var search = Code.CreateLabel();
        var next = Code.CreateLabel();
        var found = Code.CreateLabel();
        Mark(GuestPlace.UndoStore);
        Code.cmp(Field(RecordField.Vector), UndefinedOpcode);
        Code.jne(To(GuestPlace.Advance));
        Code.mov(rbx, Field(RecordField.Probe));
        Code.cmp(bl, (sbyte)TranslationCase.Background(default).Value);
        Code.jne(search);
        Code.shr(rbx, 8);
        Code.xor(rbx, 8);
        Code.test(bl, 7);
        Code.jne(search);
        Code.cmp(rbx, GuestLayout.TestedEnd);
        Code.jae(search);
        Code.cmp(__qword_ptr[rbx + Window], Stored);
        Code.je(found);
        Code.Label(ref search);
        Code.mov(ecx, __dword_ptr[CurrentRecord + (int)RecordField.WordCount * 8]);
        Code.lea(rsi, Word(0, 0));
        Code.Label(ref next);
        Code.mov(rbx, __qword_ptr[rsi]);
        Code.sub(rbx, Window);
        Code.xor(rbx, 8);
        Code.cmp(__qword_ptr[rbx + Window], Stored);
        Code.je(found);
        Code.add(rsi, Record.WordLength * 8);
        Code.dec(ecx);
        Code.jnz(next);
        Code.jmp(To(GuestPlace.Advance));
        Code.Label(ref found);
        Code.mov(Field(RecordField.StoredAt), rbx);
        Code.mov(rax, rbx);
        Code.shl(rax, 8);
        Code.add(rax, (sbyte)TranslationCase.Background(default).Value);
        Code.mov(__qword_ptr[rbx + Window], rax);
        Mark(GuestPlace.Advance);
        Code.mov(CurrentRecord, Field(RecordField.Next));
        Code.jmp(Field(RecordField.SetEntry));
    }
}
