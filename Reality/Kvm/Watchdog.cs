using System.Runtime.InteropServices;
using PageProof.Reality.Guest;

namespace PageProof.Reality.Kvm;

/// <summary>
/// Interrupts a call in which the thread that made this may hang: from the end of the time on, it
/// sends that thread a signal again and again, whose handler does nothing.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private const int Urgent = 23;
    private static readonly TimeSpan Insistence = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly PosixSignalRegistration _registration;
    private readonly nint _thread = Libc.ThisThread();
    private readonly Timer _timer;
    private bool _isOver;

    public Watchdog(TimeSpan limit)
    {
        // The default of this signal is to be ignored, and an ignored signal interrupts nothing.
        _registration = PosixSignalRegistration.Create(
            (PosixSignal)Urgent, context => context.Cancel = true);
        _timer = new(_ => Interrupt(), null, limit, Insistence);
    }

    public bool HasExpired { get; private set; }

    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
        }

        _timer.Dispose();
        _registration.Dispose();
    }

    private void Interrupt()
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                HasExpired = true;
                _ = Libc.SendSignal(_thread, Urgent);
            }
        }
    }
}
