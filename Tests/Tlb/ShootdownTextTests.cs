using PageProof.Contract.Tlb;
using PageProof.Implementation;
using PageProof.Properties.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>Programs and schedules as text.</summary>
public sealed class ShootdownTextTests
{
    [Fact]
    public void What_is_printed_is_read_back()
    {
        using ImplementationSystem implementation = new();
        ShootdownLaw law = new(implementation, ScheduleKind.Mixed);
        for (long index = 0; index < 200; index++)
        {
            ShootdownCase only = default;
            law.Generate(5, index, ref only);
            int[] schedule = [0, 0, 1, 0, 1, 1];
            string text = ShootdownText.Print(only.Program, schedule);
            Assert.True(ShootdownText.TryParse(text, out var program, out var turns, out string? reason), reason);
            Assert.Equal(text, ShootdownText.Print(program, turns));
            Assert.Equal(schedule, turns);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpus 0 spaces 1 mapped 0")]
    [InlineData("cpus 2 spaces 9 mapped 0")]
    [InlineData("cpus 2 spaces 1 mapped 256")]
    [InlineData("cpus 2 spaces 1 mapped 1\ncpu 2: load 0")]
    [InlineData("cpus 2 spaces 1 mapped 1\ncpu 0: load 8")]
    [InlineData("cpus 2 spaces 1 mapped 1\ncpu 0: unmap 7 2")]
    [InlineData("cpus 2 spaces 1 mapped 1\ncpu 0: move 0 2 to 7")]
    [InlineData("cpus 2 spaces 1 mapped 1\ncpu 0: run 1")]
    [InlineData("cpus 2 spaces 1 mapped 1\nschedule 2x1")]
    [InlineData("cpus 2 spaces 1 mapped 1\nschedule 0x999999999")]
    [InlineData("cpus 2 spaces 1 mapped 1\ncpus 2 spaces 1 mapped 1")]
    [InlineData("cpu 0: load 0")]
    [InlineData("\0\0")]
    public void What_is_no_program_is_refused(string text)
    {
        Assert.False(ShootdownText.TryParse(text, out _, out _, out string? reason));
        Assert.NotEmpty(reason);
    }
}
