// The seed's vocabulary as aliases, not sub-interfaces: with `in TContext` a cluster condition still fits a node slot.
global using System.Collections.Immutable;
global using System.ComponentModel.DataAnnotations;
global using IClusterCondition = ScyllaBot.Core.Tasks.ICondition<ScyllaBot.Core.Clusters.ClusterContext>;
global using IClusterTask = ScyllaBot.Core.Tasks.ITask<ScyllaBot.Core.Clusters.ClusterContext>;
global using INodeCondition = ScyllaBot.Core.Tasks.ICondition<ScyllaBot.Core.Clusters.NodeContext>;
global using INodeTask = ScyllaBot.Core.Tasks.ITask<ScyllaBot.Core.Clusters.NodeContext>;
global using DescriptionAttribute = System.ComponentModel.DescriptionAttribute;
