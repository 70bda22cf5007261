using PageProof.Contract.Paging;
using PageProof.Reality.Guest;

namespace PageProof.Reality.Kvm;

/// <summary>
/// The MMU behind /dev/kvm behind the door: the processor's own, or what the kernel puts in its
/// place. Cases that share what the processor says about itself run in one machine.
/// </summary>
internal sealed class KvmTranslator : ITranslator
{
    private readonly KvmMachines _machines;
    private readonly GuestRun _run;

    public KvmTranslator(KvmBackend backend)
    {
        _machines = new(backend);
        _run = new(_machines.Options(4), _machines.Options(5));
        var cr4 = _machines.Cpuid.Cr4;
        bool hasFiveLevels = cr4.HasFlag(Cr4.FiveLevelPaging) && _machines.Takes(_run.Memory, _run.Image(5));
        Capabilities = _machines.Offered(hasFiveLevels ? cr4 : cr4 & ~Cr4.FiveLevelPaging);
    }

    public TranslatorCapabilities Capabilities { get; }

    public void Translate(ReadOnlySpan<TranslationCase> cases, Span<TranslationAnswer> answers)
    {
        var order = CaseOrder.Of(cases);
        for (int start = 0; start < order.Length;)
        {
            int end = order.EndOfMachine(cases, start);
            while (start < end)
            {
                start += _run.Fill(cases, order.Indices(start, end));
                var limit = TimeSpan.FromSeconds(20) + _run.Count * TimeSpan.FromMilliseconds(20);
                string? failure = _machines.Run(
                    _run.Memory, _run.Image(_run.FirstLevels), cases[order[start - 1]].Control, limit);
                _run.Read(cases, answers, "KVM", failure);
            }
        }
    }

    public void Dispose()
    {
        _machines.Dispose();
        _run.Dispose();
    }
}
