using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Tests.Jobs.Simulation;

/// <summary>The shipped catalogue and the tasks that only tests need.</summary>
internal static class BedTasks
{
    public static TaskCatalog Catalog { get; } = new([.. typeof(TaskCatalog).Assembly.GetTypes(), .. typeof(BedTasks).GetNestedTypes()]);
}
