#!/bin/bash
# up.sh probe : only says whether a bed is possible here (77: no, and why).
# up.sh [N] : brings up N nodes (default 3), spread over the zones in turn. Prints inventory lines "name ip zone".
# BED_SPARE=k: the last k nodes have scylla-server installed but not started (to be joined later).
. "$(dirname "$0")/lib.sh"; set -e
no() { echo "no bed here: $*" >&2; exit 77; }             # 77: callers skip, they do not fail
[ "$(id -u)" = 0 ] || no "root is needed"
for c in systemd-nspawn mmdebstrap unshare nsenter ip ssh ssh-keygen setsid findmnt dpkg-deb dotnet; do command -v $c >/dev/null || no "$c is missing (apt-get install systemd-container iproute2 openssh-client util-linux mmdebstrap)"; done
grep -q overlay /proc/filesystems || no "no overlayfs"; [ -n "$(cg2_root)" ] || no "no cgroup2 mount"
unshare --mount --net --pid --fork true 2>/dev/null || no "namespaces are not allowed"
[ "${1:-}" != probe ] || exit 0
N=${1:-3}; stale=1; for n in $(bed_nodes); do node_alive "$n" && stale=0; done
[ -e "$BED_STATE/env" ] && [ $stale = 1 ] && { echo "clearing what a dead bed left in $BED_STATE" >&2; "$BED_HOME/down.sh"; }
[ -e "$BED_STATE/nodes" ] && { echo "a bed is already there: $BED_STATE (down.sh first)" >&2; exit 1; }
"$BED_HOME/prepare.sh" >&2
mkdir -p "$BED_STATE/nodes"; chmod 700 "$BED_STATE"
for v in BED_ID BED_NET BED_CACHE BED_SUITE BED_CLUSTER BED_SKEL BED_BIND BED_SIM BED_DOTNET; do printf "%s=%q\n" $v "${!v}"; done > "$BED_STATE/env"
ssh-keygen -q -t ed25519 -N '' -C bed -f "$BED_STATE/id_ed25519"
need=$((N*8+128)); cur=$(cat /proc/sys/fs/inotify/max_user_instances)    # each systemd takes a handful of inotify instances
[ "$cur" -ge "$need" ] || { echo $cur > "$BED_STATE/inotify.was"; echo $need > /proc/sys/fs/inotify/max_user_instances || echo "warning: could not raise fs.inotify.max_user_instances ($cur < $need)" >&2; }
nz=${#BED_ZONES[@]}; pre=127.0; [ "$BED_NET" = veth ] && { pre=10.77; prom=0.0.0.0; }
names=(); ips=(); zones=()
for i in $(seq 0 $((N-1))); do z=$((i%nz)); k=$((i/nz+1)); names+=("$BED_CLUSTER-${BED_ZONES[z]}-$k"); ips+=("$pre.$((z+1)).$k"); zones+=("${BED_ZONES[z]}"); done
seeds=$(IFS=,; echo "${ips[*]}")
{ echo '127.0.0.1 localhost'; for i in "${!names[@]}"; do echo "${ips[i]} ${names[i]}"; done; } > "$BED_STATE/hosts"
if [ "$BED_NET" = veth ]; then
  mkdir -p "/etc/netns/$BED_ID"; cp "$BED_STATE/hosts" "/etc/netns/$BED_ID/hosts"
  { echo "netns add $BED_ID"; for n in "${names[@]}"; do echo "netns add $BED_ID-$n"; done; } | ip -batch -
  { echo 'link set lo up'; echo 'link add br0 type bridge'; echo 'addr add 10.77.0.1/16 dev br0'; echo 'link set br0 up'
    for i in "${!names[@]}"; do echo "link add n$i type veth peer name eth0 netns $BED_ID-${names[i]}"; echo "link set n$i master br0 up"; done; } | ip -n "$BED_ID" -batch -
fi
# the ring as every simulated node knows it: name, address, dc, rack (zone us-east1-b = rack b of dc us-east1)
for i in "${!names[@]}"; do echo "${names[i]} ${ips[i]} ${zones[i]%-*} ${zones[i]##*-}"; done > "$BED_STATE/members"
: > "$BED_STATE/inventory"; : > "$BED_STATE/known_hosts"
for i in "${!names[@]}"; do n=${names[i]}; ip=${ips[i]}; D=$BED_STATE/nodes/$n; U=$D/upper
  mkdir -p "$D" "$U/etc/ssh/sshd_config.d" "$U/root/.ssh" "$U/home/ops/.ssh" "$U/etc/scylla"; echo "$ip" > "$D/ip"; echo "$i" > "$D/index"; echo "${zones[i]}" > "$D/zone"
  [ "$BED_NET" = veth ] && printf 'link set lo up\naddr add %s/16 dev eth0\nlink set eth0 up\n' "$ip" | ip -n "$BED_ID-$n" -batch -
  ssh-keygen -q -t ed25519 -N '' -C "$n" -f "$U/etc/ssh/ssh_host_ed25519_key"
  [ "$BED_NET" = lo ] && echo "ListenAddress $ip" > "$U/etc/ssh/sshd_config.d/listen.conf"
  cp "$BED_STATE/id_ed25519.pub" "$U/root/.ssh/authorized_keys"; cp "$BED_STATE/id_ed25519.pub" "$U/home/ops/.ssh/authorized_keys"
  chmod 700 "$U/root" "$U/root/.ssh" "$U/home/ops" "$U/home/ops/.ssh"; chown -R --reference="$BED_ROOTFS/home/ops" "$U/home/ops"
  printf 'BED_NAME=%s\nBED_IP=%s\nBED_ZONE=%s\nBED_CLUSTER=%s\nBED_SPEED=%s\n' "$n" "$ip" "${zones[i]}" "$BED_CLUSTER" "$BED_SPEED" > "$U/etc/bed.env"
  cp "$BED_STATE/members" "$U/etc/bed.members"
  if [ "$i" -ge "$((N-${BED_SPARE:-0}))" ]; then mkdir -p "$U/etc/systemd/system/multi-user.target.wants"; mknod "$U/etc/systemd/system/multi-user.target.wants/scylla-server.service" c 0 0; fi  # overlay whiteout
  [ -z "$BED_SKEL" ] || cp -a "$BED_SKEL/." "$U/"                       # extra files for every node (unit drop-ins …)
  echo "$n" > "$U/etc/hostname"; cp "$BED_STATE/hosts" "$U/etc/hosts"; tr -d - < /proc/sys/kernel/random/uuid > "$U/etc/machine-id"
  api=127.0.0.1; [ "$BED_NET" = lo ] && api=$ip     # stock Scylla: REST on the host's own loopback, metrics where Prometheus is
  printf 'cluster_name: %s\nlisten_address: %s\nrpc_address: %s\napi_address: %s\nprometheus_address: %s\nprometheus_port: 9180\ncompaction_throughput_mb_per_sec: 0\nseed_provider:\n  - class_name: org.apache.cassandra.locator.SimpleSeedProvider\n    parameters:\n      - seeds: "%s"\n' "$BED_CLUSTER" "$ip" "$ip" "$api" "${prom:-$ip}" "$seeds" > "$U/etc/scylla/scylla.yaml"
  echo "$n,$ip $(cut -d' ' -f1,2 "$U/etc/ssh/ssh_host_ed25519_key.pub")" >> "$BED_STATE/known_hosts"
  echo "$n $ip ${zones[i]}" >> "$BED_STATE/inventory"
done
{ echo "Host *"; echo "  IdentityFile $BED_STATE/id_ed25519"; echo "  IdentitiesOnly yes"; echo "  UserKnownHostsFile $BED_STATE/known_hosts"; echo "  StrictHostKeyChecking yes"; echo "  User ops"; echo "  BatchMode yes"; echo "  ConnectTimeout 5"
  for i in "${!names[@]}"; do echo "Host ${names[i]}"; echo "  HostName ${ips[i]}"; done; } > "$BED_STATE/ssh_config"
for n in "${names[@]}"; do "$BED_HOME/node.sh" start "$n" nowait; done
for n in "${names[@]}"; do "$BED_HOME/node.sh" wait "$n" "${BED_BOOT_TIMEOUT:-120}"; done
cat "$BED_STATE/inventory"
