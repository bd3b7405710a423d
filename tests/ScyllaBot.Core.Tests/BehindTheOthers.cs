using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ScyllaBot.Core.Tests;

/// <summary>
/// Time here is simulated, so these tests take any core that is free and lose nothing by waiting for one; those of other projects, which run beside them,
/// wait for answers in real time.
/// </summary>
internal static class BehindTheOthers
{
    [ModuleInitializer]
    internal static void StepBack()
    {
        using var self = Process.GetCurrentProcess();
        self.PriorityClass = ProcessPriorityClass.BelowNormal;
    }
}
