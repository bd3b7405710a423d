#!/bin/bash
# precompile.sh FOLDER : the programs in it get machine code beside their IL, in place (crossgen2, as a published program has it).
# The end-to-end tests start well over a hundred processes that live for seconds: most of their computing would be compiling.
# Without the compiler, which preparing the bed restores, it does nothing and says so.
set -eu
folder=$1
framework=$(dirname "$(readlink -f "$(command -v dotnet)")")/shared
version=$(ls "$framework/Microsoft.NETCore.App" | sort -V | tail -n 1)
compiler=$(ls -d "${NUGET_PACKAGES:-$HOME/.nuget/packages}"/microsoft.netcore.app.crossgen2.linux-x64/*/tools/crossgen2 2>/dev/null | sort -V | tail -n 1)
if [ -z "$compiler" ]; then
  echo "precompile.sh: no crossgen2 among the packages; the programs stay as they are"
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$folder"
for dll in ScyllaBot.dll ScyllaBot.Core.dll ScyllaBot.Discord.dll ScyllaBot.Sandbox.dll ScyllaBot.Sqlite.dll ScyllaBot.Transports.dll scyllactl.dll \
  YamlDotNet.dll Serilog*.dll OpenTelemetry*.dll Microsoft.Data.Sqlite.dll SQLitePCLRaw*.dll System.CommandLine.dll Spectre.Console*.dll; do
  [ -e "$dll" ] || continue
  "$compiler" "$dll" -r "$framework/Microsoft.NETCore.App/$version/*.dll" -r "$framework/Microsoft.AspNetCore.App/$version/*.dll" -r './*.dll' \
    --targetos linux --targetarch x64 -O -o "$work/$dll" >"$work/said" 2>&1 || { cat "$work/said"; continue; }
  mv "$work/$dll" "$dll"
done
