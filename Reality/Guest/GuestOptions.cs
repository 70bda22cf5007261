namespace PageProof.Reality.Guest;

/// <summary>What differs between the hosts of the one guest program.</summary>
/// <param name="Levels">4 or 5: the paging mode in which the program runs.</param>
/// <param name="LoadsKeys">The processor has PKRU.</param>
/// <param name="KeepsGlobals">A load of CR3 leaves global translations where they are.</param>
/// <param name="ReadsAhead">
/// Whoever handles an undefined instruction reads as many bytes as an instruction can have, so that
/// the entries of the next page may be marked, too.
/// </param>
/// <param name="ExitPort">The port whose write ends the run.</param>
/// <param name="FirmwareHole">
/// Memory that the host cannot see, because the machine shows firmware there, and that the guest
/// therefore fills itself: from here to 1 MiB. Zero if there is none.
/// </param>
internal sealed record GuestOptions(
    int Levels, bool LoadsKeys, bool KeepsGlobals, bool ReadsAhead, byte ExitPort, int FirmwareHole);
