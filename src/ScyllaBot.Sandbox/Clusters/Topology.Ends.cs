namespace ScyllaBot.Sandbox.Clusters;

/// <summary>How requests end: done, refused, broken by a process that went away.</summary>
internal sealed partial class Topology
{
    /// <summary>Ends a request as failed, and undoes it.</summary>
    public void Fail(TopologyWork work, string error)
    {
        var begun = Current == work;
        if (!begun && !_queue.Remove(work))
        {
            return;
        }

        Current = begun ? null : Current;
        if (begun || work is JoinWork)
        {
            work.Undo();
        }

        work.End(error);
        After();
    }

    public void Finish(TopologyWork work)
    {
        Current = null;
        work.End(null);
        After();
    }

    /// <summary>A process ended: what streams with it breaks, and what it asked for itself is void.</summary>
    public void ProcessEnded(SimNode node)
    {
        foreach (var work in _queue.Where(work => work.Request.Node == node && work is JoinWork).ToArray())
        {
            Fail(work, "the node went away");
        }

        if (Current is { } current && (current.IsStreaming || (current.Request.Node == node && current.Request.Type is not "remove")))
        {
            Fail(current, $"{node.Id.Address} went away");
        }
    }
}
