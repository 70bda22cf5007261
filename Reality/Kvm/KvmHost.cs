using Microsoft.Win32.SafeHandles;
using PageProof.Contract;
using PageProof.Reality.Guest;
using static PageProof.Reality.Kvm.KvmCalls;

namespace PageProof.Reality.Kvm;

/// <summary>An open <c>/dev/kvm</c>: what it can do, and machines of it.</summary>
internal sealed class KvmHost : IDisposable
{
    public const string Device = "/dev/kvm";
    private const int CpuidEntriesMax = 256;

    private readonly SafeFileHandle _device;

    public KvmHost()
    {
        _device = Libc.Open(Device, Libc.ReadWrite | Libc.CloseOnExec);
        if (_device.IsInvalid)
        {
            throw new UserError($"{Device} cannot be opened: {Libc.LastError}.");
        }

        int version = Libc.Control(_device, GetApiVersion, 0);
        if (version != ApiVersion)
        {
            throw new UserError(
                $"{Device} speaks version {version} of its interface, and not {ApiVersion}.");
        }

        Cpuid = ReadCpuid();
        RunSize = Demand(Libc.Control(_device, GetRunSize, 0), "tell the size of a processor");
    }

    /// <summary>The processor that KVM offers to guests.</summary>
    public Cpuid Cpuid { get; }

    public int RunSize { get; }

    /// <summary>Why KVM cannot be used here, in one sentence, or null if it can.</summary>
    public static string? WhyUnavailable(string device = Device)
    {
        if (!OperatingSystem.IsLinux() || !System.Runtime.Intrinsics.X86.X86Base.X64.IsSupported)
        {
            return "KVM needs Linux on x86-64.";
        }

        if (!File.Exists(device))
        {
            return $"There is no {device}.";
        }

        using var handle = Libc.Open(device, Libc.ReadWrite | Libc.CloseOnExec);
        return handle.IsInvalid ? $"{device} cannot be opened: {Libc.LastError}." : null;
    }

    public SafeFileHandle NewMachine() =>
        DemandHandle(Libc.Control(_device, CreateMachine, 0), "make a machine");

    /// <summary>The result of a request, unless it failed.</summary>
    public static int Demand(int result, string what) => result >= 0 ? result
        : throw new UserError($"KVM did not {what}: {Libc.LastError}.");

    public static SafeFileHandle DemandHandle(int result, string what) => new(Demand(result, what), true);

    public void Dispose() => _device.Dispose();

    private unsafe Cpuid ReadCpuid()
    {
        byte[] buffer = new byte[8 + CpuidEntriesMax * sizeof(CpuidEntry)];
        fixed (byte* bytes = buffer)
        {
            *(uint*)bytes = CpuidEntriesMax;
            Demand(Libc.Control(_device, GetSupportedCpuid, (nint)bytes), "tell its CPUID");
            return new(new ReadOnlySpan<CpuidEntry>(bytes + 8, (int)*(uint*)bytes).ToArray());
        }
    }
}
