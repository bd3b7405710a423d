using System.CommandLine;

namespace Scyllactl.Jobs;

/// <summary><c>job …</c>.</summary>
internal static class JobVerbs
{
    public static Command Of(Surroundings around)
    {
        var job = new Verb("job", "Run workflows and look after jobs")
        {
            Examples = [("job list", ""), ("job run rolling_restart --cluster=messages-stg", ""), ("job why 01JD7Q2M9K3XYZ", "what does it wait for?")],
        };
        Verb[] verbs =
        [
            RunVerbs.Run(around), RunVerbs.Plan(around), JobReads.List(around), JobReads.Show(around), JobReads.Watch(around), JobReads.Logs(around),
            JobReads.Why(around), JobReads.Events(around), RunVerbs.Rejoin(around), .. JobActions.All(around),
        ];
        Array.ForEach(verbs, job.Add);
        return job;
    }
}
