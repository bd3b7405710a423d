# Builds the bot with its sandbox and workflows. Not its final form: the ssh client and the health check come with the real transports.
#   docker build -t scyllabot .
#   docker run --rm scyllabot demo
#   docker run --rm --network host -v scyllabot-state:/state scyllabot     (the sandbox listens on loopback only)
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/ScyllaBot --configuration Release --output /app -p:CI=true -p:RunAnalyzers=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0
COPY --from=build /app /app
ENV ScyllaBot__State=/state \
    Logs__Path=/state/logs/scyllabot-.log
# The image's own user without rights; a named volume takes over the owner of the folder it covers.
RUN mkdir /state && chown $APP_UID /state
USER $APP_UID
WORKDIR /app
VOLUME /state
ENTRYPOINT ["dotnet", "ScyllaBot.dll"]
