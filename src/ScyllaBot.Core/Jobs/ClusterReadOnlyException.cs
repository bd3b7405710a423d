namespace ScyllaBot.Core.Jobs;

/// <summary>Another bot's footprints were found there (R13): the job is not taken up before a human has acknowledged them.</summary>
internal sealed class ClusterReadOnlyException(string why) : Exception(why);
