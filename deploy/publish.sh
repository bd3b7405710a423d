#!/bin/sh
# publish.sh OUT [RID]: one self-contained program of the bot, with its workflows and settings beside it, in OUT. RID: linux-x64 (default: this machine's) or linux-arm64.
# The lock files name no platform, so this restore uses one of its own. SQLite's library stays a file beside the program: a bundle would have to
# unpack it at each start, into a folder that a hardened service does not have.
set -eu
out=$1
case "${2:-$(uname -m)}" in
  x86_64 | linux-x64) rid=linux-x64 ;;
  aarch64 | arm64 | linux-arm64) rid=linux-arm64 ;;
  *) echo "publish.sh: unknown platform ${2:-$(uname -m)}; linux-x64 or linux-arm64" >&2; exit 2 ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$(dirname "$0")/.."
for project in src/ScyllaBot src/Scyllactl; do
  [ -d "$project" ] || continue
  dotnet publish "$project" --configuration Release --runtime "$rid" --self-contained true --output "$out" --verbosity quiet --nologo \
    -p:PublishSingleFile=true -p:DebugType=none -p:PublishDocumentationFiles=false -p:PublishReferencesDocumentationFiles=false \
    -p:GenerateDocumentationFile=false -p:UseSharedCompilation=false -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false \
    -p:RestoreLockedMode=false -p:NuGetLockFilePath="$work/$(basename "$project").lock.json" -p:ArtifactsPath="$work/build"
done
rm -f "$out"/*.runtimeconfig.json "$out"/*.pdb "$out"/*.xml
