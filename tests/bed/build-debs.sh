#!/bin/bash
# Builds the stand-in scylla-server packages and a flat apt repository of them: $BED_CACHE/apt. The unit, the files and the manners are
# those of Scylla's own package; the program is our simulated node (BED_SIM, bound into every host), and it says the package's version.
. "$(dirname "$0")/lib.sh"; set -e
A=$BED_CACHE/apt; rm -rf "$A"; mkdir -p "$A"
for v in ${SCYLLA_VERSIONS:-6.2.0-0 6.2.1-0 2025.1.0-0}; do
  d=$(mktemp -d); mkdir -p $d/DEBIAN $d/usr/bin $d/etc/scylla $d/etc/default $d/lib/systemd/system $d/opt/scylladb
  echo "${v%-*}" > $d/opt/scylladb/VERSION
  cat > $d/usr/bin/scylla <<'X'
#!/bin/sh
. /etc/bed.env
export DOTNET_ROOT=/opt/dotnet DOTNET_gcServer=0 DOTNET_GCHeapHardLimit=0x4000000 DOTNET_TieredPGO=0 DOTNET_EnableDiagnostics=0
exec /opt/bed-node/ScyllaBot.Sandbox node --name "$BED_NAME" --cluster "$BED_CLUSTER" --members /etc/bed.members --speed "$BED_SPEED" \
  --config /etc/scylla/scylla.yaml --state /var/lib/scylla --version-file /opt/scylladb/VERSION "$@"
X
  cat > $d/usr/bin/cqlsh <<'X'
#!/usr/bin/python3
# Stand-in for cqlsh: asks this host's simulated node. cqlsh [-u USER] [-p PASSWORD] [-e STATEMENT] [HOST [PORT]]; statement on stdin otherwise.
import json, sys, urllib.error, urllib.request
env = dict(line.strip().split("=", 1) for line in open("/etc/bed.env"))
words, statement = sys.argv[1:], None
while words:
    word = words.pop(0)
    if word in ("-e", "--execute"): statement = words.pop(0)
    elif word.startswith("--execute="): statement = word.split("=", 1)[1]
    elif word in ("-u", "-p", "-k", "--username", "--password", "--keyspace", "--request-timeout", "--connect-timeout", "--cqlshrc"): words.pop(0)
if statement is None: statement = sys.stdin.read()
try:
    answer = json.load(urllib.request.urlopen(urllib.request.Request("http://%s:7000/cqlsh" % env["BED_IP"], data=statement.encode(), method="POST"), timeout=10))
except (urllib.error.URLError, OSError) as error:
    print("Connection error: ('Unable to connect to any servers', {'%s:9042': %s})" % (env["BED_IP"], error), file=sys.stderr); sys.exit(1)
print(answer["output"], file=sys.stderr if answer["exit"] else sys.stdout)
sys.exit(answer["exit"])
X
  chmod 755 $d/usr/bin/scylla $d/usr/bin/cqlsh
  cat > $d/etc/scylla/scylla.yaml <<X
cluster_name: bed
listen_address: localhost
api_address: 127.0.0.1
prometheus_port: 9180
compaction_throughput_mb_per_sec: 0
X
  echo 'SCYLLA_ARGS=""' > $d/etc/default/scylla-server
  cat > $d/lib/systemd/system/scylla-server.service <<X
[Unit]
Description=Scylla Server
After=network.target
[Service]
Type=notify
EnvironmentFile=/etc/default/scylla-server
ExecStart=/usr/bin/scylla \$SCYLLA_ARGS
ExecReload=/bin/kill -HUP \$MAINPID
TimeoutStartSec=1y
TimeoutStopSec=900
Restart=on-abnormal
KillMode=process
User=scylla
StateDirectory=scylla
[Install]
WantedBy=multi-user.target
X
  printf 'Package: scylla-server\nVersion: %s\nArchitecture: all\nMaintainer: bed <bed@localhost>\nDepends: python3, systemd\nDescription: stand-in for the Scylla server\n' $v > $d/DEBIAN/control
  printf '/etc/scylla/scylla.yaml\n/etc/default/scylla-server\n' > $d/DEBIAN/conffiles
  printf '#!/bin/sh\nset -e\nif [ "$1" = configure ]; then [ -d /run/systemd/system ] && systemctl daemon-reload || true; fi\n' > $d/DEBIAN/postinst; chmod 755 $d/DEBIAN/postinst
  dpkg-deb --root-owner-group -b $d "$A/scylla-server_${v}_all.deb" >/dev/null; rm -rf $d
done
(cd "$A" && if command -v dpkg-scanpackages >/dev/null; then dpkg-scanpackages -m . /dev/null 2>/dev/null; else
  for f in *.deb; do dpkg-deb -f $f; echo "Filename: ./$f"; echo "Size: $(stat -c%s $f)"; echo "SHA256: $(sha256sum $f | cut -d' ' -f1)"; echo; done; fi > Packages)
echo "$BED_STAMP" > "$A/.stamp"; ls "$A"
