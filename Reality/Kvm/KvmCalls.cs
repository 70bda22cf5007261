using System.Runtime.InteropServices;

namespace PageProof.Reality.Kvm;

/// <summary>
/// The requests of KVM that a machine with one processor needs, and the structures that go with
/// them. Source: Linux, Documentation/virt/kvm/api.rst.
/// </summary>
internal static class KvmCalls
{
    public const int ApiVersion = 12;
    public const nuint GetApiVersion = 0xae00;
    public const nuint CreateMachine = 0xae01;
    public const nuint GetRunSize = 0xae04;
    public const nuint GetSupportedCpuid = 0xc008_ae05;
    public const nuint CreateProcessor = 0xae41;
    public const nuint SetMemoryRegion = 0x4020_ae46;
    public const nuint SetTaskStateAddress = 0xae47;
    public const nuint Run = 0xae80;
    public const nuint SetRegisters = 0x4090_ae82;
    public const nuint GetSystemRegisters = 0x8138_ae83;
    public const nuint SetSystemRegisters = 0x4138_ae84;
    public const nuint SetCpuid = 0x4008_ae90;

    public const uint ExitPort = 2;
    public const uint ExitHalt = 5;
    public const uint ExitMemory = 6;
    public const uint ExitShutdown = 8;
    public const uint ExitRefused = 9;
    public const uint ExitInternalError = 17;

    [StructLayout(LayoutKind.Sequential)]
    public struct MemoryRegion
    {
        public uint Slot;
        public uint Flags;
        public ulong GuestAddress;
        public ulong Length;
        public ulong HostAddress;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Registers
    {
        public ulong Rax, Rbx, Rcx, Rdx, Rsi, Rdi, Rsp, Rbp;
        public ulong R8, R9, R10, R11, R12, R13, R14, R15;
        public ulong Rip, Rflags;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Segment
    {
        public ulong Base;
        public uint Limit;
        public ushort Selector;
        public byte Type, Present, Dpl, DefaultBig, NotSystem;
        public byte Long, Granularity, Available, Unusable, Padding;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct TableRegister
    {
        public ulong Base;
        public ushort Limit, Padding0, Padding1, Padding2;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct SystemRegisters
    {
        public Segment Cs, Ds, Es, Fs, Gs, Ss, Tr, Ldt;
        public TableRegister Gdt, Idt;
        public ulong Cr0, Cr2, Cr3, Cr4, Cr8, Efer, ApicBase;
        public ulong Interrupt0, Interrupt1, Interrupt2, Interrupt3;
    }

    /// <summary>The head of the page that a processor shares with its host.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct RunState
    {
        public byte RequestInterruptWindow, ImmediateExit;
        public ushort Padding0;
        public uint Padding1;
        public uint ExitReason;
        public byte ReadyForInterrupt, InterruptFlag;
        public ushort Flags;
        public ulong Cr8, ApicBase;

        /// <summary>The first words of what belongs to the exit reason.</summary>
        public uint Detail0, Detail1;
        public ulong Detail2;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct CpuidEntry
    {
        public uint Function, Index, Flags, Eax, Ebx, Ecx, Edx, Padding0, Padding1, Padding2;
    }
}
