using PageProof.Contract.Paging;
using static Iced.Intel.AssemblerRegisters;

namespace PageProof.Reality.Guest;

// From the exception to the next record.
internal sealed partial class GuestProgram
{
    private void EmitVectors()
    {
        var common = _code.CreateLabel();
        for (int vector = 0; vector < VectorCount; vector++)
        {
            _code.Label(ref _vectors[vector]);
            _code.mov(Field(RecordField.Data), rax);
            if ((VectorsWithErrorCode >> vector & 1) != 0)
            {
                _code.pop(rax);
                _code.mov(Field(RecordField.ErrorCode), rax);
            }

            _code.mov(eax, vector);
            _code.jmp(common);
        }

        _code.Label(ref common);
        _code.mov(Field(RecordField.Vector), rax);
        _code.mov(rax, __qword_ptr[rsp]);
        _code.mov(Field(RecordField.Rip), rax);
        _code.mov(rax, cr2);
        _code.mov(Field(RecordField.Cr2), rax);
        _code.jmp(Field(RecordField.SaveEntry));
    }

    private void EmitSave()
    {
        for (int words = WordCountMax; words > 0; words--)
        {
            _code.Label(ref _save[words]);
            _code.mov(rax, Word(words - 1, 0));
            _code.mov(rbx, __qword_ptr[rax]);
            _code.mov(Word(words - 1, 1), rbx);
        }

        _code.Label(ref _save[0]);
        _code.jmp(Field(RecordField.ProbeEntry));
    }

    /// <summary>
    /// After a store the neighbour tells where the page lies, and after a fetch the instruction
    /// itself. They are read with AC set and no key forbidden, so that nothing forbids it.
    /// </summary>
    private void EmitProbes()
    {
        var probe = _code.CreateLabel();
        var none = _code.CreateLabel();
        Mark(GuestPlace.ProbeFetch);
        _code.mov(rbx, Field(RecordField.Address));
        _code.cmp(rbx, Field(RecordField.Rip));
        _code.jne(none);
        _code.jmp(probe);
        Mark(GuestPlace.ProbeStore);
        _code.mov(rbx, Field(RecordField.Address));
        _code.xor(rbx, 8);
        _code.Label(ref probe);
        _code.cmp(Field(RecordField.Vector), UndefinedOpcode);
        _code.jne(none);
        _code.push(RelaxedFlags);
        _code.popfq();
        EmitLoadKeys(() => _code.xor(eax, eax));
        _code.mov(rax, __qword_ptr[rbx]);
        _code.mov(Field(RecordField.Probe), rax);
        _code.Label(ref none);
        _code.jmp(Field(RecordField.HomeEntry));
    }

    /// <summary>
    /// Back to the guest's own tables, unless the next case can be set up from those of this one.
    /// The load of CR3 drops the translations of the case, except, on most processors, the global
    /// ones: those go when PGE does.
    /// </summary>
    private void EmitHome()
    {
        Mark(GuestPlace.Home);
        _code.mov(cr3, HomeCr3);
        if (_options.KeepsGlobals)
        {
            var without = _code.CreateLabel();
            _code.btr(CurrentCr4, BitOf(Cr4.PageGlobalEnable));
            _code.jnc(without);
            _code.mov(cr4, CurrentCr4);
            _code.Label(ref without);
        }

        _code.jmp(Field(RecordField.RestoreEntry));
        for (int words = WordCountMax; words > 0; words--)
        {
            _code.Label(ref _restore[words]);
            _code.mov(rax, Word(words - 1, 0));
            _code.mov(rbx, Word(words - 1, 2));
            _code.mov(__qword_ptr[rax], rbx);
        }

        _code.Label(ref _restore[0]);
        _code.jmp(Field(RecordField.UndoEntry));
    }

    /// <summary>
    /// Finds where the store went and puts the background back. If the neighbour is a listed word
    /// and so does not tell its address, the neighbours of all listed words are looked at.
    /// </summary>
    private void EmitUndo()
    {
        var search = _code.CreateLabel();
        var next = _code.CreateLabel();
        var found = _code.CreateLabel();
        Mark(GuestPlace.UndoStore);
        _code.cmp(Field(RecordField.Vector), UndefinedOpcode);
        _code.jne(To(GuestPlace.Advance));
        _code.mov(rbx, Field(RecordField.Probe));
        _code.cmp(bl, (sbyte)TranslationCase.Background(default).Value);
        _code.jne(search);
        _code.shr(rbx, 8);
        _code.xor(rbx, 8);
        _code.test(bl, 7);
        _code.jne(search);
        _code.cmp(rbx, GuestLayout.TestedEnd);
        _code.jae(search);
        _code.cmp(__qword_ptr[rbx + Window], Stored);
        _code.je(found);
        _code.Label(ref search);
        _code.mov(ecx, __dword_ptr[CurrentRecord + (int)RecordField.WordCount * 8]);
        _code.lea(rsi, Word(0, 0));
        _code.Label(ref next);
        _code.mov(rbx, __qword_ptr[rsi]);
        _code.sub(rbx, Window);
        _code.xor(rbx, 8);
        _code.cmp(__qword_ptr[rbx + Window], Stored);
        _code.je(found);
        _code.add(rsi, Record.WordLength * 8);
        _code.dec(ecx);
        _code.jnz(next);
        _code.jmp(To(GuestPlace.Advance));
        _code.Label(ref found);
        _code.mov(Field(RecordField.StoredAt), rbx);
        _code.mov(rax, rbx);
        _code.shl(rax, 8);
        _code.add(rax, (sbyte)TranslationCase.Background(default).Value);
        _code.mov(__qword_ptr[rbx + Window], rax);
        Mark(GuestPlace.Advance);
        _code.mov(CurrentRecord, Field(RecordField.Next));
        _code.jmp(Field(RecordField.SetEntry));
    }
}
