using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Implementation;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.PageCache;
using PageProof.Properties.Harness;
using PageProof.Properties.Kernel;
using PageProof.Spec.Kernel;

namespace PageProof.Tests.Kernel;

/// <summary>
/// What a kernel keeps of memory, worked out anew after every sequence, also when there is hardly any memory; and its
/// laws of missing frames and of schedules, with few cases. No answer shows all of that, so it runs for each mutant.
/// </summary>
[InLane("kernel")]
[InLane("addressspaces")]
[InLane("pagecache")]
public sealed class KernelBooksTests
{
    private const long CasesWithoutFrames = 100;
    private const long CasesOfSchedules = 600;
    private const int AuditedCases = 400;
    private const int EvictedCases = 1_000;
    private const int FramesFew = 18;

    [Fact]
    public void What_is_kept_is_what_the_tables_and_the_cache_say()
    {
        using KernelMachine machine = new(new() { FrontSlots = 8, Second = new(2, 2) });
        KernelGenerator generator = new(machine.Capabilities);
        for (int index = 0; index < AuditedCases; index++)
        {
            var sequence = generator.Generate(5, index);
            Run(machine, sequence);
            Synchronise(machine, sequence);
            Audit(machine, sequence);
        }
    }

    [Fact]
    public void The_fast_path_of_faults_comes_to_the_same_as_the_slow_one()
    {
        using KernelMachine fast = new(new()), slow = new(new()) { AlwaysSearches = true };
        KernelGenerator generator = new(fast.Capabilities);
        for (int index = 0; index < AuditedCases; index++)
        {
            var sequence = generator.Generate(17, index);
            Assert.Equal(Run(slow, sequence), Run(fast, sequence));
            Assert.Equal(slow.Lines.ToArray(), fast.Lines.ToArray());
            Assert.Equal(slow.FramesAsked, fast.FramesAsked);
            Audit(fast, sequence);
            Audit(slow, sequence);
        }

        // Each has taken its own path, and both have grown the same stacks.
        var (locked, searched) = (fast.Core.Faults, slow.Core.Faults);
        Assert.Equal((0L, locked.Grown), (searched.Fast, searched.Grown));
        Assert.True(locked.Grown > 0 && locked.FellBack > locked.Grown);
        Assert.True(locked.Fast > 500);
    }

    [Fact]
    public void Laws_of_missing_frames_and_of_schedules_hold()
    {
        using ImplementationSystem system = new();
        Paging.Laws.Hold(KernelMissingFrameLaw.RunAll(system, 1, RunLength.Of(CasesWithoutFrames), 2).Single());
        Paging.Laws.Hold(KernelScheduleLaw.RunAll(system, 1, RunLength.Of(CasesOfSchedules), 2).Single());
    }

    [Fact]
    public void What_is_evicted_comes_back_as_it_was()
    {
        using KernelMachine machine = new(new() { FrontSlots = 8, Second = new(2, 2) }, FramesFew);
        KernelGenerator generator = new(machine.Capabilities);
        long written = 0, read = 0;
        int refused = 0, forks = 0;
        for (int index = 0; index < EvictedCases; index++)
        {
            var sequence = generator.Generate(13, index);
            Follow(machine.Capabilities, sequence, Run(machine, sequence), ref refused, ref forks);
            Audit(machine, sequence);
            (written, read) = (written + machine.Transfers.Written, read + machine.Transfers.Read);
        }

        Assert.True(written > 20 && read > 5, $"{written} pages were written, and {read} read");
    }

    // Afterwards the device has what memory has of each file.
    private static void Synchronise(KernelMachine machine, in KernelSequence sequence)
    {
        var core = machine.Core;
        for (int file = 0; file < core.Cache.Files; file++)
        {
            WriteBack.Run(core.Sequential(0), file, 0, ulong.MaxValue);
            for (int frame = core.Cache[file].First; frame != ObjectCache.None; frame = core.Pages.Table[frame].Next)
            {
                ulong index = core.Pages.Table[frame].Index;
                var memory = core.Pages.WordsOf(frame);
                if (core.Store.Has(file, index)
                    ? !core.Store.WordsOf(file, index).SequenceEqual(memory)
                    : memory.ContainsAnyExcept(0UL))
                {
                    string told = KernelText.Print(sequence);
                    Assert.Fail($"page {index} of file {file} is not on its device after\n{told}");
                }
            }
        }
    }

    private static void Audit(KernelMachine machine, in KernelSequence sequence)
    {
        string? wrong = machine.Audit();
        int lost = machine.EndAll();
        wrong ??= lost != 0 ? $"{lost} frames are lost when all processes have ended" : machine.Audit();
        if (wrong is not null)
        {
            Assert.Fail($"{wrong} after\n{KernelText.Print(sequence)}");
        }
    }

    // What failed for want of memory has changed nothing; faults may have been taken before.
    private static void Follow(
        KernelCapabilities kernel,
        in KernelSequence sequence,
        KernelAnswer[] answers,
        ref int refused,
        ref int forks)
    {
        // What may be there in advance, or be gone, is what a law can follow and this cannot.
        if (sequence.Commands.Any(command => command.Advice > MemoryAdvice.DontNeed
            || command.Kind == KernelCommandKind.Mlock
            || (command.Flags & (MmapFlags.Locked | MmapFlags.Populate)) != 0))
        {
            return;
        }

        var state = KernelSpec.Begin(sequence.Start, kernel);
        for (int place = 0; place < answers.Length; place++)
        {
            var command = sequence.Commands[place];
            var answer = answers[place] with { MinorFaults = 0, MajorFaults = 0 };
            var due = KernelSpec.Next(state, command, answer);
            if (answer.Errno == Errno.ENOMEM && due.Answer.Errno != Errno.ENOMEM)
            {
                refused++;
                forks += command.Kind == KernelCommandKind.Fork ? 1 : 0;
                continue;
            }

            if (command.Kind == KernelCommandKind.ForceWrite && answer.Length < due.Answer.Length)
            {
                // There was memory for the first page alone.
                return;
            }

            // Lines are told by their places, and a part of an access may have been made possible before.
            bool told = command.Kind is KernelCommandKind.Maps or KernelCommandKind.Presence;
            if (!told && answer with { Code = 0 } != due.Answer with { Code = 0 })
            {
                Assert.Fail(
                    $"command {place} was answered {answer}, not {due.Answer}, of\n{KernelText.Print(sequence)}");
            }

            state = due.State;
        }
    }

    private static KernelAnswer[] Run(KernelMachine machine, in KernelSequence sequence)
    {
        KernelAnswer[] answers = new KernelAnswer[sequence.Commands.Length];
        machine.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        return answers;
    }
}
