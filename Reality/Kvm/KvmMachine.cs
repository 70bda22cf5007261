using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Reality.Guest;
using static PageProof.Reality.Kvm.KvmCalls;
using static PageProof.Reality.Kvm.KvmHost;

namespace PageProof.Reality.Kvm;

/// <summary>A machine with one processor over the memory of a guest.</summary>
internal sealed class KvmMachine : IDisposable
{
    private const long TaskStateAddress = 0xfffb_d000;
    private const ulong FlagsAlwaysSet = 2;
    private const ulong LongModeActive = 1 << 10;

    private readonly SafeFileHandle _machine;
    private readonly SafeFileHandle _processor;
    private readonly int _runSize;
    private readonly nint _runState;

    public unsafe KvmMachine(KvmHost host, Cpuid cpuid, MemoryFile memory)
    {
        _runSize = host.RunSize;
        _machine = host.NewMachine();
        nint place = unchecked((nint)TaskStateAddress);
        Demand(Libc.Control(_machine, SetTaskStateAddress, place), "take a place of its own");
        var region = new MemoryRegion
        {
            Length = (ulong)memory.Length,
            HostAddress = (ulong)memory.Address,
        };
        Demand(Libc.Control(_machine, SetMemoryRegion, (nint)(&region)), "take the memory of a guest");
        _processor = DemandHandle(Libc.Control(_machine, CreateProcessor, 0), "make a processor");
        _runState = Libc.Map(0, (nuint)_runSize, Libc.ProtectReadWrite, Libc.MapShared, _processor, 0);
        if (_runState == Libc.MapFailed)
        {
            throw new UserError($"KVM did not show its processor: {Libc.LastError}.");
        }

        var entries = cpuid.Entries;
        byte[] buffer = new byte[8 + entries.Length * sizeof(CpuidEntry)];
        MemoryMarshal.AsBytes(entries.AsSpan()).CopyTo(buffer.AsSpan(8));
        fixed (byte* bytes = buffer)
        {
            *(int*)bytes = entries.Length;
            Demand(Libc.Control(_processor, SetCpuid, (nint)bytes), "take a CPUID");
        }
    }

    /// <summary>Lets the guest run from its start to its end; null, or why it failed.</summary>
    public unsafe string? Run(GuestImage image, byte exitPort, TimeSpan limit)
    {
        SetState(image);
        using var watch = new Watchdog(limit);
        var state = (RunState*)_runState;
        while (true)
        {
            int result = Libc.Control(_processor, KvmCalls.Run, 0);
            int error = Marshal.GetLastPInvokeError();
            if (result < 0 && error == Libc.Interrupted)
            {
                if (watch.HasExpired)
                {
                    return $"the guest did not end within {limit.TotalSeconds:f0} s";
                }

                continue;
            }

            return result < 0 ? $"KVM did not run the guest: {Libc.LastError}"
                : state->ExitReason == ExitPort && state->Detail0 >> 16 == exitPort ? null
                : Describe(*state);
        }
    }

    public void Dispose()
    {
        _ = Libc.Unmap(_runState, (nuint)_runSize);
        _processor.Dispose();
        _machine.Dispose();
    }

    private static string Describe(in RunState state) => state.ExitReason switch
    {
        ExitHalt => "the guest halted",
        ExitMemory => $"the guest touched 0x{state.Detail1:x8}{state.Detail0:x8}, where no memory is",
        ExitShutdown => "the guest ended in a triple fault",
        ExitRefused => $"the processor refused the guest (0x{state.Detail0:x})",
        ExitInternalError => $"KVM could not go on with the guest (internal error {state.Detail0})",
        var reason => $"the guest ended with exit reason {reason}",
    };

    /// <summary>Whether the processor can be put where this guest starts.</summary>
    public unsafe bool Takes(GuestImage image)
    {
        var system = SystemState(image);
        return Libc.Control(_processor, SetSystemRegisters, (nint)(&system)) >= 0;
    }

    private unsafe void SetState(GuestImage image)
    {
        var system = SystemState(image);
        Demand(Libc.Control(_processor, SetSystemRegisters, (nint)(&system)), "take its state");
        var start = image.Program[GuestPlace.Start];
        var registers = new Registers { Rip = start, Rflags = FlagsAlwaysSet };
        Demand(Libc.Control(_processor, SetRegisters, (nint)(&registers)), "take the registers");
    }

    /// <summary>64-bit mode at CPL 0, as after the boot of <see cref="GuestImage"/>.</summary>
    private unsafe SystemRegisters SystemState(GuestImage image)
    {
        SystemRegisters system;
        Demand(Libc.Control(_processor, GetSystemRegisters, (nint)(&system)), "show the registers");
        system.Cs = Flat(new() { Selector = Selectors.Code64, Type = 11, Long = 1 });
        system.Ss = Flat(new() { Selector = Selectors.Data, Type = 3, DefaultBig = 1 });
        system.Ds = system.Es = system.Fs = system.Gs = system.Ss;
        system.Tr = new()
        {
            Base = image.TaskState,
            Limit = GuestImage.TaskStateLength - 1,
            Selector = Selectors.Task,
            Type = 11,
            Present = 1,
        };
        system.Ldt = new() { Unusable = 1 };
        system.Gdt = new() { Base = image.DescriptorTable, Limit = GuestImage.DescriptorLimit };
        system.Idt = new() { Base = image.InterruptTable, Limit = GuestImage.InterruptLimit };
        system.Cr0 = GuestImage.Cr0AtStart;
        system.Cr3 = image.Cr3;
        system.Cr4 = image.Cr4;
        system.Efer = (ulong)Efer.LongModeEnable | LongModeActive;
        return system;
    }

    private static Segment Flat(Segment segment) => segment with
    {
        Limit = uint.MaxValue,
        Present = 1,
        NotSystem = 1,
        Granularity = 1,
    };
}
