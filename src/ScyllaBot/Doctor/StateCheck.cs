using System.Diagnostics;
using ScyllaBot.Core.Control;
using ScyllaBot.Sqlite;

namespace ScyllaBot.Doctor;

/// <summary>The state folder can be written, and the database in it opened.</summary>
internal sealed class StateCheck : IBotCheck
{
    public string Id => "state";

    public async Task<IEnumerable<DoctorFinding>> LookAsync(DoctorCase @case, CancellationToken ct)
    {
        if (@case.IsRunning)
        {
            return [DoctorFinding.Ok(Id, $"{@case.State}: open in this bot")];
        }

        if (await WhyNotWritableAsync(@case.State, ct) is { } why)
        {
            return [DoctorFinding.Broken(Id, why, "give the folder to the user the bot runs as, or set ScyllaBot:State (--state) to another one")];
        }

        var path = Path.Combine(@case.State, "scyllabot.db");
        var look = await Task.Run(() => StoreInspection.Look(path), ct);
        return [OfStore(path, look)];
    }

    private DoctorFinding OfStore(string path, StoreLook look) => look.Condition switch
    {
        StoreCondition.Absent => DoctorFinding.Ok(Id, $"{path}: none yet, the first start makes it"),
        StoreCondition.InUse => DoctorFinding.Warning(Id, $"{path} is locked: a ScyllaBot runs on it", "right if that is your bot; a second one needs another state folder, or the first one stopped"),
        StoreCondition.Newer => DoctorFinding.Broken(Id, $"{path} is of a newer ScyllaBot: {look.Detail}", "run the newer version, or restore a backup made before it"),
        StoreCondition.Foreign => DoctorFinding.Broken(Id, $"{path} is a database of something else", "set ScyllaBot:State to a folder of the bot's own"),
        StoreCondition.Damaged => DoctorFinding.Broken(
            Id, $"{path} is damaged: {look.Detail}", "restore a backup over it and remove its -wal and -shm; started empty, the bot knows nothing of jobs that were open"),
        StoreCondition.Unreadable => DoctorFinding.Broken(Id, $"{path} can not be read: {look.Detail}", "give it to the user the bot runs as (mode 0600)"),
        _ => DoctorFinding.Ok(Id, $"{path}{(look.Detail.Length > 0 ? $": {look.Detail}" : "")}"),
    };

    private static async Task<string?> WhyNotWritableAsync(string folder, CancellationToken ct)
    {
        // A folder that is not there yet is made: then the nearest one above it counts.
        var existing = Path.GetFullPath(folder);
        while (!Directory.Exists(existing))
        {
            if (File.Exists(existing))
            {
                return $"{existing} is a file, and a folder is needed for the state";
            }

            existing = Path.GetDirectoryName(existing) ?? "/";
        }

        return await MayWriteAsync(existing, ct) ? null : $"{existing} can not be written by {Environment.UserName}";
    }

    private static async Task<bool> MayWriteAsync(string folder, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        // The system's own answer, for groups, lists of rights and read-only mounts too; trying it out would be a change.
        using var test = Process.Start(new ProcessStartInfo("test", ["-w", folder, "-a", "-x", folder]) { UseShellExecute = false })!;
        await test.WaitForExitAsync(ct);
        return test.ExitCode == 0;
    }
}
