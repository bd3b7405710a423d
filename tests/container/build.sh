#!/bin/bash
# build.sh STORE TAG : builds the repository's Dockerfile, unchanged, into the image TAG, with all of buildah's storage in STORE.
# No registry is reachable here and no daemon runs, so the two images that the Dockerfile starts from are made of the bed's Debian (tests/bed), and
# the first one is lent this machine's .NET SDK and package cache.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
store=$1 tag=$2
. "$here/../bed/lib.sh"
"$here/../bed/build-rootfs.sh" >&2
b() { buildah --storage-driver vfs --root "$store/root" --runroot "$store/run" "$@"; }
has() { b inspect --type image "$1" >/dev/null 2>&1; }
mkdir -p "$store"
if ! has localhost/debian:12; then
  c=$(b from scratch)
  m=$(b mount "$c")
  cp -a "$BED_ROOTFS/." "$m/"
  # The bed's hosts see their own packages only; an image that is built installs from Debian.
  printf 'deb %s bookworm main\n' "$BED_MIRROR" >"$m/etc/apt/sources.list"
  b umount "$c" >/dev/null
  b commit --quiet "$c" localhost/debian:12 >/dev/null
  b rm "$c" >/dev/null
fi
if ! has localhost/dotnet-sdk:10; then
  c=$(b from --pull=never localhost/debian:12)
  m=$(b mount "$c")
  ln -s /opt/dotnet/dotnet "$m/usr/bin/dotnet"
  b umount "$c" >/dev/null
  b config --env DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 --env DOTNET_CLI_TELEMETRY_OPTOUT=1 --env DOTNET_NOLOGO=1 "$c"
  b commit --quiet "$c" localhost/dotnet-sdk:10 >/dev/null
  b rm "$c" >/dev/null
fi
packages=${NUGET_PACKAGES:-$HOME/.nuget/packages}
mkdir -p "$packages"
b bud --quiet --isolation chroot --format docker --pull=never --build-arg SDK=localhost/dotnet-sdk:10 --build-arg BASE=localhost/debian:12 \
  --volume "$BED_DOTNET:/opt/dotnet:ro" --volume "$packages:/root/.nuget/packages" --tag "$tag" "$here/../.."
