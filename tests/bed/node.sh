#!/bin/bash
# node.sh VERB NODE [ARG] : the "data-centre hands" for one node
. "$(dirname "$0")/lib.sh"; [ -f "$BED_STATE/env" ] && . "$BED_STATE/env"; V=$1; N=$2; D=$BED_STATE/nodes/$N; [ -d "$D" ] || { echo "no such node: $N" >&2; exit 2; }
in_bed() { if [ "$BED_NET" = veth ]; then nsenter --net="/run/netns/$BED_ID" "$@"; else "$@"; fi; }
port() { sed -n "s/^n//p" <<<"n$(cat "$D/index")"; }
case $V in
 start) node_alive "$N" && { echo "$N is on already" >&2; exit 0; }
        setsid "$BED_HOME/supervise.sh" "$N" </dev/null >>"$D/supervisor.log" 2>&1 &
        [ "${3:-}" = nowait ] || "$0" wait "$N" "${3:-60}";;
 wait)  ip=$(node_ip "$N"); end=$((SECONDS+${3:-60}))   # until sshd sends its greeting
        until in_bed timeout 2 bash -c "exec 3<>/dev/tcp/$ip/22 && read -t 2 l <&3 && [[ \$l == SSH-* ]]" 2>/dev/null; do
          [ $SECONDS -lt $end ] || { echo "$N did not come up in ${3:-60} s" >&2; tail -5 "$D/console.log" >&2; exit 1; }; sleep 0.1; done;;
 off)   p=$(node_leader "$N") && kill -s SIGRTMIN+4 "$p"       # clean power-off
        for i in $(seq 300); do node_alive "$N" || exit 0; sleep 0.1; done; exit 1;;
 cut)   s=$(cat "$D/supervisor.pid"); p=$(node_leader "$N")     # power cut: everything in the node is gone at once
        node_alive "$N" && kill -9 "$s"; [ -n "$p" ] && kill -9 "$p"; n=0; while [ -n "$p" ] && [ -e /proc/$p ] && [ $n -lt 100 ]; do sleep 0.05; n=$((n+1)); done; rm -f "$D/supervisor.pid"; echo "$(date +%s.%N) cut" >> "$D/power.log";;
 freeze)  CG=$(cg2_root)/$BED_ID/$N; echo 1 > "$CG/cgroup.freeze";;      # hangs: TCP connects, nothing answers
 thaw)    CG=$(cg2_root)/$BED_ID/$N; echo 0 > "$CG/cgroup.freeze";;
 unplug)  [ "$BED_NET" = veth ] && ip -n "$BED_ID" link set "n$(cat "$D/index")" down;;                  # network cable out
 plug)    [ "$BED_NET" = veth ] && ip -n "$BED_ID" link set "n$(cat "$D/index")" up;;
 status)  if node_alive "$N"; then echo "on $(node_leader "$N")"; else echo off; fi;;
 reimage) # reimage NODE SUITE: a new operating system; identity, /etc/scylla and the data directory stay
        "$BED_HOME/node.sh" off "$N" || "$BED_HOME/node.sh" cut "$N"; BED_SUITE=$3 "$BED_HOME/build-rootfs.sh" >/dev/null || exit 1
        mv "$D/upper" "$D/old"; rm -rf "$D/work"; mkdir -p "$D/upper/etc" "$D/upper/var/lib"; echo "$3" > "$D/suite"
        for f in etc/ssh etc/hostname etc/hosts etc/machine-id etc/bed.env etc/bed.members etc/scylla root home var/lib/scylla var/log/journal; do
          [ -e "$D/old/$f" ] && { mkdir -p "$D/upper/$(dirname $f)"; cp -a "$D/old/$f" "$D/upper/$f"; }; done
        [ -z "$BED_SKEL" ] || cp -a "$BED_SKEL/." "$D/upper/"; rm -rf --one-file-system "$D/old"; "$BED_HOME/node.sh" start "$N";;
 slow)    # slow NODE RATE (e.g. 256kbit): limits what the node receives; slow NODE off
        if [ "$3" = off ]; then ip netns exec "$BED_ID" tc qdisc del dev "n$(cat "$D/index")" root; else ip netns exec "$BED_ID" tc qdisc replace dev "n$(cat "$D/index")" root tbf rate "$3" burst 16kb latency 400ms; fi;;
 sh)      shift 2; nsenter -t "$(node_leader "$N")" -m -u -i -n -p -C -- "${@:-bash}";;
 *) echo "verbs: start wait off cut freeze thaw unplug plug slow reimage status sh" >&2; exit 2;;
esac
