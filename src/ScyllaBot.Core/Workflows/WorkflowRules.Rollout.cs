using ScyllaBot.Core.Scylla.Tasks;

namespace ScyllaBot.Core.Workflows;

internal sealed partial class WorkflowRules
{
    private void CheckRollout(NodeWorkflow nodes)
    {
        var origin = binder.OriginOf(nodes);
        if (nodes.Nodes is { } named && named.All(n => n is not null) && NodeSelection.WhyNot(named, cluster) is var (why, suggestion))
        {
            errors.Add(origin.MarkOf("nodes"), why, suggestion);
        }

        if (nodes.Batches is null && Present(nodes.BetweenBatches).Length > 0)
        {
            errors.Add(origin.MarkOf("between_batches"), "`between_batches` without `batches`: there is nothing between", "batches: [1, 30%]");
        }

        if (nodes.Batches is null && nodes.BatchBy != BatchBy.Order)
        {
            errors.Add(origin.MarkOf("batch_by"), "`batch_by` without `batches` says nothing", "batches: [1, 30%]");
        }

        foreach (var step in Present(nodes.BetweenBatches).Concat(Present(nodes.BeforeLastNode)).Where(s => s.Task is NodeWorkflow))
        {
            errors.Add(binder.OriginOf(step).MarkOf("task"), "`!node-workflow` inside another: between batches and before the last node only cluster steps run");
        }
    }

    private void CheckWindow(IReadOnlyList<MaintenanceWindow>? windows)
    {
        // After an error a window may lack what its type says it has.
        foreach (var window in (windows ?? []).Where(w => w is { From: not null, To: not null, TimeZone: not null }))
        {
            if (window.WhyNot() is var (key, why, suggestion))
            {
                errors.Add(binder.OriginOf(window).MarkOf(key), why, suggestion);
            }
        }
    }
}
