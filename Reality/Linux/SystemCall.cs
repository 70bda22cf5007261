namespace PageProof.Reality.Linux;

/// <summary>The numbers of the system calls that are used, as Linux has them on x86-64.</summary>
public enum SystemCall
{
    Read = 0,
    Open = 2,
    Close = 3,
    Mmap = 9,
    Mprotect = 10,
    Munmap = 11,
    Sigaction = 13,
    Pread = 17,
    Pwrite = 18,
    Madvise = 28,
    Dup2 = 33,
    Getpid = 39,
    Clone = 56,
    Execve = 59,
    Wait4 = 61,
    Kill = 62,
    Ftruncate = 77,
    Getrusage = 98,
    Getppid = 110,
    Sigaltstack = 131,
    Personality = 135,
    Prctl = 157,
    Futex = 202,
    SchedSetaffinity = 203,
    SchedGetaffinity = 204,
    ExitGroup = 231,
    MemfdCreate = 319,
    CloseRange = 436,
}
