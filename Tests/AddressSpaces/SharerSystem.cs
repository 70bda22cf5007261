using PageProof.Contract;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Frames;
using PageProof.Contract.Kernel;
using PageProof.Contract.Paging;

namespace PageProof.Tests.AddressSpaces;

/// <summary>
/// A kernel that does nothing, and tells these notes of frames, whatever it is asked. All frames hold the same, but
/// where the lie is about what they hold.
/// </summary>
internal sealed class SharerSystem(SharingNote[] notes, string lie) : ISystem
{
    public static readonly FrameNumber Zeros = new(1);

    public string Name => "sharer";

    public ITranslator? OpenTranslator() => null;

    public IKernel? OpenKernel() => new Kernel(notes, lie);

    public void Dispose()
    {
    }

    private sealed class Kernel(SharingNote[] notes, string lie) : IKernel, IKernelSharing
    {
        private int _told;

        public KernelCapabilities Capabilities { get; } = new();

        public ReadOnlySpan<AreaLine> Lines => [];

        public IObserveSharing? Observer { get; set; }

        public FrameNumber Zeros => SharerSystem.Zeros;

        public ulong ContentOf(FrameNumber frame) => lie switch
        {
            "another content" => _told >= notes.Length ? 1u : 0,
            "no copy" => (ulong)frame.Value,
            _ => 0,
        };

        public void Run(KernelStart start, ReadOnlySpan<KernelCommand> commands, Span<KernelAnswer> answers) =>
            RunAll([new(start, [.. commands])], answers);

        public void RunAll(ReadOnlySpan<KernelSequence> sequences, Span<KernelAnswer> answers)
        {
            Observer?.Begin();
            for (_told = 0; _told < notes.Length; _told++)
            {
                Observer?.Observe(notes[_told]);
            }
        }

        public void Dispose()
        {
        }
    }
}
