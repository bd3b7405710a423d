# The bot, scyllactl, the shipped workflows and the ssh client, as a user without rights.
#   docker build -t scyllabot .
#   docker run --rm scyllabot demo
#   docker run -d --name scyllabot --read-only --tmpfs /tmp --tmpfs /run/scyllabot:uid=1654,mode=750 \
#     -v scyllabot-state:/var/lib/scyllabot -v /etc/scyllabot:/etc/scyllabot:ro scyllabot
#   docker exec scyllabot scyllactl job list
# docs/packaging.md has the rest: what goes into /etc/scyllabot, backups, upgrades.
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0
ARG BASE=debian:bookworm-slim

FROM ${SDK} AS build
WORKDIR /source
COPY . .
RUN deploy/publish.sh /app

# The program brings .NET along, so any Debian or Ubuntu will do.
FROM ${BASE}
RUN apt-get update \
 && apt-get install -y --no-install-recommends openssh-client ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 1654 scyllabot \
 && useradd --uid 1654 --gid 1654 --home-dir /var/lib/scyllabot --no-create-home --shell /usr/sbin/nologin scyllabot \
 && install -d -o scyllabot -g scyllabot -m 0750 /var/lib/scyllabot /run/scyllabot \
 && install -d /etc/scyllabot /etc/scyllabot/workflows
COPY --from=build /app /opt/scyllabot
RUN ln -s /opt/scyllabot/ScyllaBot /usr/local/bin/scyllabot \
 && if [ -e /opt/scyllabot/scyllactl ]; then ln -s /opt/scyllabot/scyllactl /usr/local/bin/scyllactl; fi
ENV ScyllaBot__State=/var/lib/scyllabot \
    ScyllaBot__Control__Socket=/run/scyllabot/control.sock \
    SCYLLACTL_SOCKET=/run/scyllabot/control.sock \
    Logs__Path=/var/lib/scyllabot/logs/scyllabot-.log
# By number: an orchestrator that demands a user without rights can not look up a name.
USER 1654:1654
# What it finds in appsettings.json of this folder goes before what it brings along.
WORKDIR /etc/scyllabot
VOLUME ["/var/lib/scyllabot", "/etc/scyllabot"]
# Long enough for held nodes' steps to come to a record; what is under way goes on at the next start.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["/opt/scyllabot/ScyllaBot", "health"]
ENTRYPOINT ["/opt/scyllabot/ScyllaBot"]
