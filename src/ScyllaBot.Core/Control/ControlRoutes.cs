namespace ScyllaBot.Core.Control;

/// <summary>Every route of the control endpoint.</summary>
public static class ControlRoutes
{
    /// <summary>A GUID of the asker's that every POST carries: the same one twice does it once.</summary>
    public const string RequestId = "Request-Id";

    /// <summary>The socket's name in the bot's state folder, unless another one is configured.</summary>
    public const string SocketName = "control.sock";

    /// <summary>Where the OpenAPI document is.</summary>
    public const string OpenApi = "/openapi.json";

    private const string AJob = "/v1/jobs/{job}";

    public static readonly ControlRoute Bot = Get<BotView>("bot", "/v1/bot", "Version, chat, who you are and what you may do");

    public static readonly ControlRoute Jobs = Get<JobList>("jobs", "/v1/jobs", "Open jobs, or the latest ones") with
    {
        Query = [("cluster", "Only of this cluster"), ("all", "true: ended ones too"), ("limit", "At most so many, 1 to 200; default 25")],
    };

    public static readonly ControlRoute Job = Get<JobView>("job", AJob, "How one job stands");
    public static readonly ControlRoute Why = Get<WhyAnswer>("why", AJob + "/why", "Why a job waits: numbers, window, why not another node");

    public static readonly ControlRoute Events = Get<JournalList>("events", AJob + "/events", "A job's journal") with
    {
        Query = [("after", "Only events after this sequence; default 0"), ("limit", "At most so many, 1 to 5000; default 1000")],
    };

    public static readonly ControlRoute Log = Get<JobLog>("log", AJob + "/log", "A job's log") with
    {
        Query = [("after", "Only lines after this number; default 0"), ("tail", "Only the last so many; 1 to 5000; default 1000")],
    };

    public static readonly ControlRoute Watch = Get<WatchEnd>("watch", AJob + "/watch", "A job as it goes, as server-sent events; goes on from Last-Event-ID") with
    {
        IsStream = true, Query = [("tail", "Without Last-Event-ID: no earlier events, and only so many log lines, 0 to 5000; default: everything")],
    };

    public static readonly ControlRoute Compare = Get<HandView>("compare", AJob + "/handback", "What was done by hand, node by node");

    public static readonly ControlRoute Clusters = Get<ClusterList>("clusters", "/v1/clusters", "Clusters and their open jobs");
    public static readonly ControlRoute Cluster = Get<ClusterView>("cluster", "/v1/clusters/{cluster}", "A cluster's nodes, jobs, debts and policy");
    public static readonly ControlRoute Matrix = Get<MatrixAnswer>("matrix", "/v1/clusters/{cluster}/matrix", "Everyone's view, read now");

    public static readonly ControlRoute Safe = Get<SafeAnswer>("safe", "/v1/clusters/{cluster}/safe", "May these nodes be down together, now?") with
    {
        Query = [("nodes", "Names or patterns, separated by commas")],
    };

    public static readonly ControlRoute Debts = Get<DebtList>("debts", "/v1/debts", "What operations left owing") with
    {
        Query = [("cluster", "Only of this cluster")],
    };

    public static readonly ControlRoute Workflows = Get<WorkflowList>("workflows", "/v1/workflows", "Workflows that can be run");
    public static readonly ControlRoute Workflow = Get<WorkflowView>("workflow", "/v1/workflows/{workflow}", "A workflow with its variables and its text");
    public static readonly ControlRoute Tasks = Get<TaskList>("tasks", "/v1/tasks", "Tasks that can be run");
    public static readonly ControlRoute Task = Get<TaskView>("task", "/v1/tasks/{task}", "A task with its inputs");

    public static readonly ControlRoute History = Get<AuditList>("history", "/v1/history", "Who asked for what, and what came of it") with
    {
        Query = [("limit", "The last so many, 1 to 1000; default 100"), ("after", "Only entries after this sequence")],
    };

    public static readonly ControlRoute Doctor = Get<DoctorReport>("doctor", "/v1/doctor", "Looks whether everything is as the bot needs it; changes nothing, takes up to 100 seconds") with
    {
        Query = [("cluster", "Only this cluster, and the bot's own matters")],
    };

    public static readonly ControlRoute Plan = Post<PlanForm, PlanView>("plan", "/v1/plans", "Plans a workflow; changes nothing");
    public static readonly ControlRoute PlanTask = Post<TaskForm, PlanView>("plan-task", "/v1/plans/task", "Plans one task; changes nothing");
    public static readonly ControlRoute Start = Post<StartForm, VerbAnswer>("start", "/v1/plans/{plan}/start", "Starts a plan that was shown, once");

    public static readonly ControlRoute Pause = Post<VerbAnswer>("pause", AJob + "/pause", "Stops at the next safe point");
    public static readonly ControlRoute Resume = Post<VerbAnswer>("resume", AJob + "/resume", "Goes on with a paused job");
    public static readonly ControlRoute Retry = Post<RetryForm, VerbAnswer>("retry", AJob + "/retry", "Tries the failed step again");
    public static readonly ControlRoute Skip = Post<NodeForm, VerbAnswer>("skip", AJob + "/skip", "Leaves out the rest of a node's steps");
    public static readonly ControlRoute Abort = Post<AbortForm, VerbAnswer>("abort", AJob + "/abort", "Ends a job; held nodes finish first");
    public static readonly ControlRoute Restore = Post<NodeForm, VerbAnswer>("restore", AJob + "/restore", "Brings nodes up that are down by a halted job");
    public static readonly ControlRoute Acknowledge = Post<VerbAnswer>("acknowledge", AJob + "/acknowledge", "Somebody looks after the halt");
    public static readonly ControlRoute Decide = Post<DecideForm, VerbAnswer>("decide", AJob + "/decide", "Approves or refuses what a job asks");
    public static readonly ControlRoute BreakGlass = Post<GlassForm, VerbAnswer>("break-glass", AJob + "/break-glass", "Approves alone, in need; the owners are called");
    public static readonly ControlRoute Answer = Post<AnswerForm, VerbAnswer>("answer", AJob + "/answer", "Answers what a job asks, also the next node in step mode");
    public static readonly ControlRoute Owner = Post<OwnerForm, VerbAnswer>("owner", AJob + "/owner", "Hands a job over");
    public static readonly ControlRoute Tune = Post<TuneForm, VerbAnswer>("tune", AJob + "/tune", "Fewer nodes at once, or an earlier end");
    public static readonly ControlRoute HandBack = Post<HandBackForm, VerbAnswer>("handback", AJob + "/handback", "Lets a job go on after work by hand");
    public static readonly ControlRoute Unlock = Post<ReasonForm, VerbAnswer>("unlock", AJob + "/unlock", "Takes a job's lease away for ever");
    public static readonly ControlRoute UnlockCluster =
        Post<ReasonForm, VerbAnswer>("unlock-cluster", "/v1/clusters/{cluster}/unlock", "Acknowledges what an earlier bot left on a cluster (R13)");

    public static readonly ControlRoute WayOut =
        Post<NodeForm, VerbAnswer>("way-out", AJob + "/way-out", "Asks for the documented way out of a movement of data; approved on its own (R5)");

    public static readonly ControlRoute Rejoin =
        Post<NodeForm, PlanView>("rejoin", AJob + "/rejoin", "Plans to wipe a machine whose join was banned and to join it anew");

    public static readonly ControlRoute TakeOver = Post<TakeOverForm, VerbAnswer>("takeover", "/v1/takeover", "Works by hand from the next safe point on");
    public static readonly ControlRoute HaltAll = Post<ReasonForm, VerbAnswer>("halt-all", "/v1/halt-all", "Stops everything at its safe point");
    public static readonly ControlRoute Lift = Post<VerbAnswer>("lift", "/v1/lift", "Lets everything go on again");
    public static readonly ControlRoute Pay = Post<ReasonForm, VerbAnswer>("pay", "/v1/debts/{debt}/pay", "Marks a debt as paid by hand");

    public static ImmutableArray<ControlRoute> All { get; } =
    [
        Bot, Jobs, Job, Why, Events, Log, Watch, Compare, Clusters, Cluster, Matrix, Safe, Debts, Workflows, Workflow, Tasks, Task, History, Doctor,
        Plan, PlanTask, Start, Pause, Resume, Retry, Skip, Abort, Restore, Acknowledge, Decide, BreakGlass, Answer, Owner, Tune, HandBack, Unlock,
        UnlockCluster, WayOut, Rejoin, TakeOver, HaltAll, Lift, Pay,
    ];

    private static ControlRoute Get<TAnswer>(string name, string pattern, string summary) => new(name, "GET", pattern, null, typeof(TAnswer), summary);

    private static ControlRoute Post<TAnswer>(string name, string pattern, string summary) => new(name, "POST", pattern, null, typeof(TAnswer), summary);

    private static ControlRoute Post<TBody, TAnswer>(string name, string pattern, string summary) =>
        new(name, "POST", pattern, typeof(TBody), typeof(TAnswer), summary);
}
