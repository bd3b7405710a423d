using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ScyllaBot.Core.Control;

namespace ScyllaBot.Control;

/// <summary>One verb of the table: what it does with a call.</summary>
internal delegate Task<object> ControlVerb(ControlCall call, CancellationToken ct);

/// <summary>Every route of <see cref="ControlRoutes"/>, and the document that describes them.</summary>
internal sealed class ApiRoutes(ControlPipeline pipeline, ReadVerbs reads, PlanVerbs plans, JobVerbs jobs, DoctorVerbs doctor, WatchStream watch) : IControlRoutes
{
    public void Map(IEndpointRouteBuilder app)
    {
        var verbs = reads.All.Concat(plans.All).Concat(jobs.All).Concat(doctor.All).ToDictionary(v => v.Route, v => v.Verb);
        foreach (var route in ControlRoutes.All)
        {
            app.MapMethods(route.Pattern, [route.Method], Of(route, verbs)).WithDisplayName(route.Name);
        }

        app.MapGet(ControlRoutes.OpenApi, (HttpContext context) => context.Response.WriteAsync(OpenApiDocument.Json));
    }

    private RequestDelegate Of(ControlRoute route, Dictionary<ControlRoute, ControlVerb> verbs)
    {
        if (route.IsStream)
        {
            return context => watch.ServeAsync(context, pipeline.ActorOf(context));
        }

        var verb = verbs[route];
        return context => pipeline.RunAsync(context, route, verb);
    }
}
