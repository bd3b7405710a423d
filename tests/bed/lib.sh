# shared settings of the test bed; source me
set -u
BED_HOME=${BED_HOME:-$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)}
BED_ID=${BED_ID:-scbbed}                       # several beds may live side by side (≤ 8 letters, digits)
BED_STATE=${BED_STATE:-${TMPDIR:-/tmp}/$BED_ID}           # everything of one bed: state, overlays, keys, logs
BED_CACHE=${BED_CACHE:-/var/cache/scyllabot-bed}   # the shared read-only root filesystem(s), built once
BED_NET=${BED_NET:-veth}                       # veth: own netns per node + bridge, all inside netns $BED_ID
                                               # lo:   nodes share the caller's netns, 127.0.<zone>.<k>
BED_ZONES=(${BED_ZONES:-us-east1-b us-east1-c us-east1-d})
BED_CLUSTER=${BED_CLUSTER:-scylla-bed}
BED_SUITE=${BED_SUITE:-bookworm}
# As this machine's apt has it; only an image is built from there, and asking costs half a second of computing.
case ${0##*/} in build*) BED_MIRROR=${BED_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | grep -m1 '/debian/*$')} ;; esac
BED_BIND=${BED_BIND:-}                         # extra "--bind-ro=SRC:DST …" for every node (e.g. the .NET sim)
BED_SKEL=${BED_SKEL:-}                         # a folder whose files are laid over every node's root
BED_ROOTFS=$BED_CACHE/rootfs-$BED_SUITE
BED_SIM=${BED_SIM:-$BED_HOME/../../artifacts/bed-node}    # the published simulated node: publish-node.sh
BED_SPEED=${BED_SPEED:-6}                      # how many times faster than Scylla it starts and drains
BED_DOTNET=${BED_DOTNET:-$(dirname "$(readlink -f "$(command -v dotnet || echo /usr/share/dotnet/dotnet)")")}
BED_STAMP=$(cat "$BED_HOME"/build-*.sh | sha256sum | cut -c1-16)    # an image of other scripts than these is built anew

bed_nodes() { ls "$BED_STATE/nodes" 2>/dev/null | sort -V; }
node_ip()   { cat "$BED_STATE/nodes/$1/ip"; }
node_alive(){ local p; p=$(cat "$BED_STATE/nodes/$1/supervisor.pid" 2>/dev/null) || return 1
              [ -n "$p" ] && grep -qz -- "$1" "/proc/$p/cmdline" 2>/dev/null; }
# pid (in the caller's pid namespace) of the node's systemd
node_leader(){ local s n; s=$(cat "$BED_STATE/nodes/$1/supervisor.pid" 2>/dev/null) || return 1
              n=$(pgrep -P "$s" -x systemd-nspawn) || return 1; pgrep -P "$n" | head -1; }
cg2_root()  { findmnt -n -t cgroup2 -o TARGET | head -1; }
