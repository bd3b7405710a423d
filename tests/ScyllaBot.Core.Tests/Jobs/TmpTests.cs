using ScyllaBot.Core.Jobs;
namespace ScyllaBot.Core.Tests.Jobs;
public sealed class TmpTests { [Fact] public void Show() { Makespan.Of(12, 9, 9); throw new InvalidOperationException(Makespan.Debug); } }
