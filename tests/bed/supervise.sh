#!/bin/bash
# supervise.sh NODE : the "hardware" of one node. Runs until the node powers off; a reboot inside boots it again.
# Stage 1 (outside): own cgroup. Stage 2 (own mount namespace): overlay root, systemd-nspawn.
. "$(dirname "$0")/lib.sh"; N=$1; D=$BED_STATE/nodes/$N
if [ "${2:-}" != inner ]; then
  echo $$ > "$D/supervisor.pid"
  CG=$(cg2_root)
  if [ -n "$CG" ]; then mkdir -p "$CG/$BED_ID/$N" && echo $$ > "$CG/$BED_ID/$N/cgroup.procs"; fi
  export BED_HOME BED_ID BED_STATE BED_CACHE BED_NET BED_SUITE BED_BIND BED_CLUSTER BED_SIM BED_DOTNET
  exec unshare --mount --propagation private "$0" "$N" inner
fi
umount -l /sys/fs/cgroup 2>/dev/null; mount -t cgroup2 cgroup2 /sys/fs/cgroup   # nspawn then sees a plain cgroup-v2 machine, whatever the host mixes
# only on this private mount namespace: a fresh /run/systemd so that nspawn leaves nothing on the machine
mkdir -p /run/systemd/nspawn; mount -t tmpfs -o mode=755 bed /run/systemd/nspawn
mkdir -p "$D/upper" "$D/work" "$D/root"
BED_ROOTFS=$BED_CACHE/rootfs-$(cat "$D/suite" 2>/dev/null || echo "$BED_SUITE")
mount -t overlay overlay -o "lowerdir=$BED_ROOTFS,upperdir=$D/upper,workdir=$D/work" "$D/root" || exit 1
net=(); [ "$BED_NET" = veth ] && net=(--network-namespace-path="/run/netns/$BED_ID-$N")
while :; do
  echo "$(date +%s.%N) boot" >> "$D/power.log"
  systemd-nspawn --quiet --register=no --keep-unit --machine="$N" --hostname="$N" --directory="$D/root" "${net[@]}" \
    --boot --console=read-only --link-journal=no --resolv-conf=off --timezone=off \
    --bind-ro="$BED_CACHE/apt:/srv/apt" --bind-ro="$BED_SIM:/opt/bed-node" --bind-ro="$BED_DOTNET:/opt/dotnet" $BED_BIND </dev/null >>"$D/console.log" 2>&1
  rc=$?; echo "$(date +%s.%N) off rc=$rc" >> "$D/power.log"
  [ $rc = 133 ] || exit $rc        # 133: the node asked for a reboot
done
