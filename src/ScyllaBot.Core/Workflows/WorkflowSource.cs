using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Yaml;

namespace ScyllaBot.Core.Workflows;

/// <summary>A workflow's text, checked as far as that goes without values. Reading never throws; <see cref="Errors"/> tells.</summary>
public sealed class WorkflowSource
{
    // Its names show in a plan, where a step's title holds a template of its node.
    private static readonly Node AnyNode = new("NODE", "0.0.0.0", Guid.Empty, new Zone("DC", "RACK"))
    {
        Api = new Uri("http://0.0.0.0"), Metrics = new Uri("http://0.0.0.0"),
    };

    private readonly TaskCatalog _catalog;
    private readonly YamlMapping? _root;
    private readonly WorkflowHeader? _header;
    private readonly Macros? _macros;

    private WorkflowSource(string file, string text, TaskCatalog catalog)
    {
        (File, Text, _catalog) = (file, text, catalog);
        var errors = new FileErrors(file);
        _root = YamlReader.Read(text, errors);
        if (_root is not null)
        {
            _header = WorkflowHeader.Read(_root, catalog, errors);
            (_root, _macros) = Macros.Expand(_root, _header.Variables.Select(v => v.Name), catalog, errors);
            var defaults = _header.Variables.ToImmutableSortedDictionary(
                v => v.Name, v => v.Default is null ? null : VariableText.Read(v.Type, v.Default, null).Text, StringComparer.Ordinal);
            Bind(TemplatesOf(defaults, null, AnyNode), null, errors);
        }

        Errors = errors.InOrder();
    }

    /// <param name="file">What errors call it, such as <c>rolling_restart.yaml</c>.</param>
    /// <param name="text">At most 256 KiB.</param>
    /// <param name="catalog">What its tags mean.</param>
    public static WorkflowSource Read(string file, string text, TaskCatalog catalog) => new(file, text, catalog);

    public string File { get; }

    public string Text { get; }

    /// <summary>As written, variables unresolved; the file's name when it has none.</summary>
    public string Name => _header?.Name ?? File;

    public string Description => _header?.Description ?? "";

    public ImmutableArray<Variable> Variables => _header?.Variables ?? [];

    /// <summary>Of its tasks and conditions, macros put in.</summary>
    public ImmutableSortedSet<string> Tags => _root is null ? [] : YamlTags.In(_root, "macros");

    /// <summary>All that is wrong whatever values are given, in the order of the file.</summary>
    public ImmutableArray<FileError> Errors { get; }

    /// <summary>Binds it for one job. The steps of nodes are tried for every node, so that no job meets an error of the text.</summary>
    public WorkflowBinding Bind(WorkflowValues values)
    {
        var errors = new FileErrors(File);
        errors.Add(Errors);
        if (_header is null || errors.Count > 0)
        {
            return new WorkflowBinding.Invalid(errors.InOrder());
        }

        var resolved = _header.Resolve(values, errors);
        var known = _header.Variables.ToImmutableSortedDictionary(
            v => v.Name, v => resolved.GetValueOrDefault(v.Name), StringComparer.Ordinal);
        var workflow = Bind(TemplatesOf(known, values, AnyNode with { Labels = LabelsOf(values.Cluster) }), values.Cluster, errors);
        if (errors.Count == 0 && Templates.HasTemplate(Text))
        {
            TryEveryNode(workflow, known, values, errors);
        }

        return errors.Count > 0
            ? new WorkflowBinding.Invalid(errors.InOrder())
            : new WorkflowBinding.Bound(new LoadedWorkflow(this, workflow, resolved, values));
    }

    /// <summary>A node workflow's steps with one node's own values.</summary>
    /// <exception cref="UnrecoverableException">They do not bind for that node.</exception>
    internal ImmutableArray<Step<NodeContext>> BindSteps(
        string path, string key, ImmutableSortedDictionary<string, string> variables, WorkflowValues values, Node node)
    {
        var errors = new FileErrors(File);
        var known = variables.ToImmutableSortedDictionary(v => v.Key, v => (string?)v.Value, StringComparer.Ordinal);
        var steps = Steps(path, key, TemplatesOf(known, values, node), errors);
        return errors.Count == 0 ? steps : throw new UnrecoverableException($"{node.Name}: {string.Join("; ", errors.InOrder())}");
    }

    /// <summary>The same for what a node is passed over by.</summary>
    /// <inheritdoc cref="BindSteps"/>
    internal ImmutableArray<Criterion<NodeContext>> BindCriteria(
        string path, ImmutableSortedDictionary<string, string> variables, WorkflowValues values, Node node)
    {
        var errors = new FileErrors(File);
        var known = variables.ToImmutableSortedDictionary(v => v.Key, v => (string?)v.Value, StringComparer.Ordinal);
        var criteria = Criteria(path, TemplatesOf(known, values, node), errors);
        return errors.Count == 0 ? criteria : throw new UnrecoverableException($"{node.Name}: {string.Join("; ", errors.InOrder())}");
    }

    private void TryEveryNode(Workflow workflow, ImmutableSortedDictionary<string, string?> known, WorkflowValues values, FileErrors errors)
    {
        var paths = workflow.ClusterTasks.Select((s, i) => (s.Task, Path: $"{i + 1}"))
            .Concat(workflow.Always.Select((s, i) => (s.Task, Path: $"a{i + 1}")));
        foreach (var (_, path) in paths.Where(p => p.Task is NodeWorkflow))
        {
            foreach (var node in values.Cluster.Nodes.TakeWhile(_ => errors.Count == 0))
            {
                Steps(path, "node_tasks", TemplatesOf(known, values, node), errors);
                Steps(path, "restore", TemplatesOf(known, values, node), errors);
                Criteria(path, TemplatesOf(known, values, node), errors);
            }
        }
    }

    private ImmutableArray<Step<NodeContext>> Steps(string path, string key, Templates templates, FileErrors errors) =>
        OfNode<Step<NodeContext>>(path, key, templates, errors);

    private ImmutableArray<Criterion<NodeContext>> Criteria(string path, Templates templates, FileErrors errors) =>
        OfNode<Criterion<NodeContext>>(path, "skip_when", templates, errors);

    /// <summary>A list of a node workflow that is bound for each node.</summary>
    private ImmutableArray<T> OfNode<T>(string path, string key, Templates templates, FileErrors errors)
    {
        var always = path.StartsWith('a');
        var steps = (YamlSequence)_root!.Find(always ? "always" : "cluster_tasks")!;
        var step = (YamlMapping)steps.Items[int.Parse(always ? path[1..] : path, System.Globalization.CultureInfo.InvariantCulture) - 1];
        var binder = new YamlBinder(_catalog, templates, errors);
        return (step.Find("task") as YamlMapping)?.Find(key) is { } written && binder.TryBind(written, typeof(IReadOnlyList<T>), key, null, out var bound)
            ? [.. (IReadOnlyList<T>)bound!]
            : [];
    }

    /// <summary>Some node's value of each label: a plan shows one, and whether every node has it is tried node by node.</summary>
    private static ImmutableSortedDictionary<string, string> LabelsOf(Cluster cluster) => cluster.Nodes.SelectMany(n => n.Labels)
        .GroupBy(l => l.Key, StringComparer.Ordinal).ToImmutableSortedDictionary(l => l.Key, l => l.First().Value, StringComparer.Ordinal);

    /// <summary>What macros are given has a value now: is it of the type that they want?</summary>
    private void CheckGiven(Templates templates, Cluster? cluster, FileErrors errors)
    {
        foreach (var (input, given) in _macros?.Given ?? [])
        {
            // What else is wrong with it is told where the step is bound, with the names that are known there.
            if (templates.Expand(given, new FileErrors(File)) is { Length: > 0 } text
                && VariableText.Read(input.Type, text, cluster) is var (read, whyNot, suggestion) && read is null)
            {
                errors.Add(given.At, $"`{input.Name}` of the macro: \"{text}\" {whyNot}", suggestion);
            }
        }
    }

    private Workflow Bind(Templates templates, Cluster? cluster, FileErrors errors)
    {
        CheckGiven(templates, cluster, errors);
        var binder = new YamlBinder(_catalog, templates, errors);
        // The variables were bound apart: nothing is replaced in them. Macros stand where they are used.
        var body = _root! with
        {
            Pairs = [.. _root.Pairs.Select(p => p.Key switch
            {
                "variables" => p with { Value = new YamlSequence(p.At, null, []) },
                "macros" => p with { Value = new YamlMapping(p.At, null, []) },
                _ => p,
            })],
        };
        binder.TryBind(body, typeof(Workflow), "workflow", null, out var bound);
        var workflow = (Workflow?)bound;
        if (workflow is null)
        {
            return new Workflow { Name = Name, ClusterTasks = [] }; // A tag on the whole file: an error says so.
        }

        new WorkflowRules(binder, cluster, errors).Check(workflow);
        return workflow with { Variables = Variables };
    }

    private Templates TemplatesOf(ImmutableSortedDictionary<string, string?> variables, WorkflowValues? values, Node node)
    {
        var lists = Variables.Where(v => v.Type == VariableType.List).Select(v => v.Name).ToHashSet(StringComparer.Ordinal);
        var all = variables
            .ToImmutableSortedDictionary(v => v.Key, v => new TemplateValue(v.Value, lists.Contains(v.Key)), StringComparer.Ordinal)
            .SetItem("cluster", new TemplateValue(values?.Cluster.Name))
            .SetItem("job_id", new TemplateValue(values?.JobId))
            .SetItem("operator", new TemplateValue(values?.Operator));
        return Templates.Of(all, node, labelsUnknown: values is null);
    }
}
