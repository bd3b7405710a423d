using ScyllaBot.Core.Control;
using ScyllaBot.Real;
using ScyllaBot.Transports;

namespace ScyllaBot.Doctor;

/// <summary><c>ScyllaBot doctor</c>: looks at everything, also where the bot itself would not start.</summary>
internal sealed class DoctorCommand(TextWriter output, TextWriter errors)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);

    /// <param name="args">After <c>doctor</c>.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken ct)
    {
        var (arguments, error) = DoctorArguments.Parse(args);
        if (arguments is null)
        {
            await (error is null ? output : errors).WriteLineAsync(error is null ? DoctorArguments.Usage : $"{error}. doctor --help explains.");
            return error is null ? 0 : 2;
        }

        using var client = HttpExchange.NewClient();
        await using var transports = RealTransports.Open(client);
        var (configuration, unreadable) = CaseReader.Configuration();
        var @case = CaseReader.Read(arguments.Host, configuration, unreadable, transports);
        if (arguments.Cluster is { } name && @case.Inventory is { } inventory && inventory.Find(name) is null)
        {
            await errors.WriteLineAsync($"there is no cluster {name} in the inventory; it knows {string.Join(", ", inventory.Clusters.Select(c => c.Name))}");
            return 2;
        }

        return arguments.PrintSudoers ? await SudoersAsync(@case, arguments.Cluster, ct) : await LookAsync(@case, arguments, ct);
    }

    private async Task<int> LookAsync(DoctorCase @case, DoctorArguments arguments, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        var progress = new SlowProgress(errors, Quiet);
        var report = RunningDoctor.Hidden(await BotDoctor.RunAsync(@case, arguments.Cluster, progress.Tell, ct), LogSecrets.Of(@case.Configuration).Without);
        await output.WriteAsync(arguments.IsJson ? report.ToJson() + "\n" : DoctorText.Of(report));
        if (!arguments.IsJson)
        {
            await errors.WriteLineAsync(FormattableString.Invariant($"looked for {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s; nothing was changed"));
        }

        return report.ExitCode;
    }

    private async Task<int> SudoersAsync(DoctorCase @case, string? cluster, CancellationToken ct)
    {
        if (@case.Inventory is null || @case.Library is null)
        {
            await errors.WriteLineAsync("the inventory and the workflows are needed for that, and can not be read: ScyllaBot doctor says why");
            return 1;
        }

        await output.WriteAsync(await Sudoers.OfAsync(@case.Inventory, @case.Library, cluster, SshLogin.UserAsync, ct));
        return 0;
    }
}
