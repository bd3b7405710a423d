using System.CommandLine;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;
using Scyllactl.Show;

namespace Scyllactl.Offline;

/// <summary><c>workflow …</c>: needs no bot, so that authors and their CI can use it.</summary>
internal static class WorkflowVerbs
{
    private static readonly Option<string?> Folder = new("--workflows")
    {
        Description = "Folder of the files; also SCYLLACTL_WORKFLOWS (default: workflows here, else beside the program)", HelpName = "DIR",
    };

    public static Command Of(Surroundings around) => new("workflow", "Workflow files: list, show, validate, schema (no bot needed)")
    {
        List(around), Show(around), Validate(around), Schema(around),
    };

    private static Verb List(Surroundings around) => new Verb("list", "The workflows of a folder, with what they are for")
    {
        Examples = [("workflow list --workflows ./workflows", "")],
        Options = { Folder },
    }.Does(async (parsed, _) =>
    {
        var sources = Sources(parsed, around);
        var all = sources.Select(s => new { Name = WorkflowFolder.NameOf(s.File), Title = s.Name, s.Description, Errors = s.Errors.Length });
        var rows = sources.Select(s => new[] { WorkflowFolder.NameOf(s.File), s.Name, s.Errors.IsEmpty ? "" : $"{s.Errors.Length} errors: workflow validate" });
        return await Paper.AnswerAsync(around, parsed, all, () => Columns.Of(["WORKFLOW", "TITLE", ""], rows));
    });

    private static Verb Show(Surroundings around)
    {
        var name = new Argument<string>("workflow") { HelpName = "workflow", Description = "Its name, or a file" };
        name.CompletionSources.Add(_ => Names(around));
        return new Verb("show", "What a workflow is for, what can be given to it, and its text")
        {
            Examples = [("workflow show rolling_restart", "")],
            Arguments = { name },
            Options = { Folder },
        }.Does(async (parsed, _) =>
        {
            var source = Find(parsed.GetRequiredValue(name), parsed, around);
            var all = new
            {
                Name = WorkflowFolder.NameOf(source.File), Title = source.Name, source.Description,
                Variables = source.Variables.Select(v => new { v.Name, v.Type, v.Description, v.Default, Required = v.Default is null }),
                Errors = source.Errors, source.Text,
            };
            return await Paper.AnswerAsync(around, parsed, all, () => Lines(source));
        });
    }

    private static Verb Validate(Surroundings around)
    {
        var paths = new Argument<string[]>("files") { HelpName = "files", Description = "Files or folders; default: the folder of workflows", Arity = ArgumentArity.ZeroOrMore };
        return new Verb("validate", "Every error of every file, with file:line:column; exit code 1 when there is one")
        {
            Examples = [("workflow validate", "all of ./workflows"), ("workflow validate workflows/mine.yaml other/", "")],
            Arguments = { paths },
            Options = { Folder },
        }.Does(async (parsed, _) =>
        {
            var named = parsed.GetValue(paths) is { Length: > 0 } given ? given : [WorkflowFolder.Find(parsed.GetValue(Folder), around)];
            var sources = WorkflowFolder.Files(named, around).Select(f => WorkflowFolder.Read(f, around)).ToArray();
            var errors = sources.SelectMany(s => s.Errors).ToArray();
            var code = await Paper.AnswerAsync(
                around, parsed, new { Files = sources.Length, Errors = errors }, () => errors.Select(e => Clean.Line(e.ToString())), errors.Length == 0 ? ExitCodes.Done : ExitCodes.Failed);
            if (!parsed.WantsJson())
            {
                await around.Errors.WriteLineAsync($"{Count(sources.Length, "file")}, {(errors.Length == 0 ? "no errors" : Count(errors.Length, "error"))}");
            }

            return code;
        });
    }

    /// <summary>What this version's editors' files are; the same stand in docs/.</summary>
    private static Verb Schema(Surroundings around)
    {
        var editor = new Option<bool>("--vscode") { Description = "Its setting for VS Code instead: the tags, which no schema can name" };
        return new Verb("schema", "The language as a JSON schema (draft 7), for editors and validators")
        {
            Examples = [("workflow schema > workflow.schema.json", ""), ("workflow schema --vscode > .vscode/settings.json", "")],
            Options = { editor },
        }.Does(async (parsed, _) =>
        {
            await around.Out.WriteAsync(parsed.GetValue(editor) ? WorkflowSchema.EditorSettings(TaskCatalog.Core) : WorkflowSchema.Of(TaskCatalog.Core));
            return ExitCodes.Done;
        });
    }

    /// <summary>For completion: what can be named here.</summary>
    public static IEnumerable<string> Names(Surroundings around)
    {
        try
        {
            return WorkflowFolder.Files([WorkflowFolder.Find(null, around)], around).Select(WorkflowFolder.NameOf);
        }
        catch (StopException)
        {
            return [];
        }
    }

    private static WorkflowSource[] Sources(ParseResult parsed, Surroundings around) =>
        [.. WorkflowFolder.Files([WorkflowFolder.Find(parsed.GetValue(Folder), around)], around).Select(f => WorkflowFolder.Read(f, around))];

    private static WorkflowSource Find(string name, ParseResult parsed, Surroundings around)
    {
        if (name.EndsWith(".yaml", StringComparison.Ordinal))
        {
            return WorkflowFolder.Read(WorkflowFolder.Files([name], around)[0], around);
        }

        var files = WorkflowFolder.Files([WorkflowFolder.Find(parsed.GetValue(Folder), around)], around);
        if (files.FirstOrDefault(f => WorkflowFolder.NameOf(f) == name) is { } file)
        {
            return WorkflowFolder.Read(file, around);
        }

        var nearest = Nearest.To(name, files.Select(WorkflowFolder.NameOf));
        throw new StopException(ExitCodes.Refused, $"There is no workflow {Clean.Line(name, 80)}{(nearest is null ? "; workflow list names them" : $"; did you mean {nearest}")}.");
    }

    private static IEnumerable<string> Lines(WorkflowSource source)
    {
        yield return $"{WorkflowFolder.NameOf(source.File)}: {Clean.Line(source.Name)}";
        if (source.Description.Length > 0)
        {
            yield return Clean.Line(source.Description);
        }

        yield return "";
        var rows = source.Variables.Select(v => new[] { $"--var {v.Name}=", Input.Spell(v.Type), v.Default ?? "required", v.Description });
        foreach (var line in source.Variables.IsEmpty ? ["It takes no variables."] : Columns.Of(["VARIABLE", "TYPE", "DEFAULT", ""], rows))
        {
            yield return line;
        }

        foreach (var error in source.Errors)
        {
            yield return $"error: {Clean.Line(error.ToString())}";
        }

        yield return "";
        yield return Clean.Block(source.Text, int.MaxValue).TrimEnd();
    }

    private static string Count(int n, string what) => $"{n} {what}{(n == 1 ? "" : "s")}";
}
