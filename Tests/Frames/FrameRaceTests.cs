using PageProof.Properties.Harness.Scheduling;

namespace PageProof.Tests.Frames;

/// <summary>Frames under many schedules: no frame has two owners, and all come back.</summary>
public sealed class FrameRaceTests
{
    private const int Schedules = 150;

    [Fact]
    public void Whatever_the_schedule_no_frame_has_two_owners_and_all_come_back()
    {
        using Scheduler scheduler = new(FrameRace.Cpus);
        int refused = 0, starved = 0;
        for (ulong seed = 0; seed < Schedules; seed++)
        {
            FrameRace race = new(seed);
            scheduler.Run(
                new RandomStrategy(seed), at => race.Run(0, at), at => race.Run(1, at), at => race.Run(2, at));
            race.MustBeOver();
            refused += race.Refused;
            starved += race.Starved;
        }

        // Frames were met on their way back, and memory ran out.
        Assert.InRange(refused, 20, int.MaxValue);
        Assert.InRange(starved, 20, int.MaxValue);
    }
}
