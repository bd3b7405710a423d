namespace ScyllaBot.Sqlite;

/// <summary>The job store can not be opened, and nothing was changed. The message tells an operator what to do.</summary>
public sealed class StoreRefusedException(string message, Exception? inner = null) : Exception(message, inner);
