using ScyllaBot.Core.Tests.Jobs;

namespace ScyllaBot.Benchmarks;

/// <summary>Simulated time of a rolling restart of 30 nodes, zone by zone and three at a time, against what the nodes' own times allow.</summary>
internal static class MakespanBenchmark
{
    private const double Most = 1.05;

    public static int Run()
    {
        var (even, uneven) = (Makespan.Of(60, 12, 9, 9), Makespan.Of(60, 10, 10, 10));
        var quick = Makespan.Of(20, 12, 9, 9);
        Console.WriteLine($"12 + 9 + 9 nodes:    {even.Whole.TotalSeconds:f0} s of {even.Bound.TotalSeconds:f0} s: ratio {even.Ratio:f3}, target {Most:f2}");
        Console.WriteLine($"10 + 10 + 10 nodes:  {uneven.Whole.TotalSeconds:f0} s of {uneven.Bound.TotalSeconds:f0} s: ratio {uneven.Ratio:f3}; "
            + $"a zone of 10 takes 4 rounds of 3, with which it is {uneven.Whole / uneven.Rounded:f3}");
        Console.WriteLine($"12 + 9 + 9, windows of 20 s instead of 60: ratio {quick.Ratio:f3}; idle slots {quick.Idle.TotalSeconds:f1} s of {quick.Whole.TotalSeconds:f0} s "
            + $"(with 60: {even.Idle.TotalSeconds:f1} s): the rest is that nodes differ in length and a zone ends with its slowest");
        return even.Ratio <= Most ? 0 : 1;
    }
}
