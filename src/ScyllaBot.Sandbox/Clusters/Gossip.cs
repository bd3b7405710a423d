namespace ScyllaBot.Sandbox.Clusters;

/// <summary>
/// Who sees whom as UP: one view for each observer, changed with the delays of facts/scylla.md 5.3. Asymmetric on purpose: after a return
/// every peer takes its own 1 to 5 s. The view of a node that does not gossip stands still.
/// </summary>
internal sealed class Gossip(SimCluster cluster)
{
    private readonly HashSet<(SimNode Observer, SimNode Subject)> _down = [];
    private readonly Dictionary<(SimNode Observer, SimNode Subject), DateTimeOffset> _since = [];
    private readonly Dictionary<(SimNode Observer, SimNode Subject), TimeSpan> _wasDown = [];
    private readonly List<Pending> _lagging = [];

    private Agenda Agenda => cluster.Agenda;

    public bool SeesUp(SimNode observer, SimNode subject) =>
        observer == subject ? observer.Hears : !_down.Contains((observer, subject));

    /// <summary>When the observer's opinion of the subject last changed; null if it never did.</summary>
    public DateTimeOffset? Since(SimNode observer, SimNode subject) =>
        _since.TryGetValue((observer, subject), out var at) ? at : null;

    /// <summary>How long the observer had seen the subject down when it last came back: what hints there were for it.</summary>
    public TimeSpan WasDownFor(SimNode observer, SimNode subject) => _wasDown.GetValueOrDefault((observer, subject));

    /// <summary>The shutdown message: DOWN at once, everywhere it is heard.</summary>
    public void Announced(SimNode subject)
    {
        foreach (var observer in Others(subject))
        {
            Set(observer, subject, up: false);
        }
    }

    /// <summary>No message: the echo (every 2 s) has to fail for 20 s, so DOWN 20 to 22 s later, unless it came back.</summary>
    public void Vanished(SimNode subject)
    {
        var run = subject.Run;
        foreach (var observer in Others(subject))
        {
            Agenda.After(Delay("vanished", observer, subject, 20, 22), () =>
            {
                if (subject.Run == run)
                {
                    Set(observer, subject, up: false);
                }
            });
        }
    }

    /// <summary>It is NORMAL and gossips again. <paramref name="lag"/>: one peer takes that long to see it.</summary>
    public void Returned(SimNode subject, TimeSpan? lag)
    {
        var run = subject.Run;
        var peers = Others(subject).Where(peer => peer.Hears).ToArray();
        var slow = lag is null || peers.Length == 0 ? -1 : cluster.Dice.Whole(Key("slow", subject, subject), 0, peers.Length - 1);
        foreach (var observer in Others(subject))
        {
            var lags = slow >= 0 && observer == peers[slow];
            var delay = lags ? lag!.Value : Delay("returned", observer, subject, 1, 5);
            var pending = Agenda.After(delay, () =>
            {
                if (subject.Run == run && subject.Visible)
                {
                    Set(observer, subject, up: true);
                }
            });
            if (lags)
            {
                _lagging.Add(pending);
            }
        }
    }

    /// <summary>
    /// A node joins: it begins with everyone DOWN and finds each live peer within 0.3 to 3 s; peers that still thought it UP learn from
    /// the new generation that it was not.
    /// </summary>
    public void ObserverStarted(SimNode observer)
    {
        var run = observer.Run;
        foreach (var subject in Others(observer))
        {
            Set(observer, subject, up: false);
            Set(subject, observer, up: false);
            Agenda.After(Delay("found", observer, subject, 0.3, 3), () =>
            {
                if (observer.Run == run && subject.Visible)
                {
                    Set(observer, subject, up: true);
                }
            });
        }
    }

    /// <summary>Ends every lag: those peers see what there is to see now.</summary>
    public void LiftLag()
    {
        _lagging.ForEach(pending => pending.Act());
        _lagging.Clear();
    }

    private IEnumerable<SimNode> Others(SimNode node) => cluster.Machines.Where(other => other != node);

    private void Set(SimNode observer, SimNode subject, bool up)
    {
        var view = (observer, subject);
        if (!observer.Hears || up == !_down.Contains(view))
        {
            return;
        }

        if (up)
        {
            _down.Remove(view);
            _wasDown[view] = _since.TryGetValue(view, out var down) ? Agenda.Now - down : TimeSpan.Zero;
        }
        else
        {
            _down.Add(view);
        }

        _since[view] = Agenda.Now;
        cluster.ViewChanged(subject);
    }

    private TimeSpan Delay(string what, SimNode observer, SimNode subject, double least, double most) =>
        cluster.Dice.Between(Key(what, observer, subject), least, most);

    private static string Key(string what, SimNode observer, SimNode subject) =>
        $"{what}/{observer.Id.Name}/{observer.Generation}/{subject.Id.Name}/{subject.Generation}";
}
