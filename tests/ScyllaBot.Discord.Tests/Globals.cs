global using System.Collections.Immutable;
global using System.Text.Json.Nodes;
global using ScyllaBot.Core.Chat;
global using ScyllaBot.Core.Clusters;
global using ScyllaBot.Core.Jobs;
global using ScyllaBot.Core.Ports;
global using ScyllaBot.Testing;
