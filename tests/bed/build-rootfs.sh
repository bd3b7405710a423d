#!/bin/bash
# Builds once, into $BED_CACHE, the Debian root filesystem that all nodes share read-only. Needs root + mmdebstrap (or debootstrap).
. "$(dirname "$0")/lib.sh"; set -e
[ "$(cat "$BED_ROOTFS/.bed-done" 2>/dev/null)" = "$BED_STAMP" ] && { echo "rootfs ready: $BED_ROOTFS"; exit 0; }
mkdir -p "$BED_CACHE"; rm -rf --one-file-system "$BED_ROOTFS.tmp" "$BED_ROOTFS"
PK=systemd,systemd-sysv,dbus,openssh-server,iproute2,procps,python3,python3-apt,sudo,ca-certificates,curl
if command -v mmdebstrap >/dev/null; then    # ~20 s
  mmdebstrap --quiet --mode=root --variant=minbase --dpkgopt=force-unsafe-io --include=$PK "$BED_SUITE" "$BED_ROOTFS.tmp" "$BED_MIRROR" >"$BED_CACHE/debootstrap.log" 2>&1
else                                         # ~60 s
  debootstrap --variant=minbase --include=$PK "$BED_SUITE" "$BED_ROOTFS.tmp" "$BED_MIRROR" >"$BED_CACHE/debootstrap.log" 2>&1
fi || { tail "$BED_CACHE/debootstrap.log"; exit 1; }
R=$BED_ROOTFS.tmp
rm -rf $R/var/cache/apt/archives/*.deb $R/var/lib/apt/lists/* $R/usr/share/doc/* $R/usr/share/locale/* $R/etc/ssh/ssh_host_* $R/etc/machine-id $R/etc/resolv.conf $R/etc/apt/sources.list.d/* $R/etc/hostname
for u in apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer dpkg-db-backup.timer console-getty.service getty@.service \
         systemd-update-utmp.service systemd-update-utmp-runlevel.service systemd-firstboot.service; do ln -sf /dev/null $R/etc/systemd/system/$u; done
# only the bed's own package repository; no name resolution; ed25519 host key only
echo 'deb [trusted=yes] file:/srv/apt ./' > $R/etc/apt/sources.list
mkdir -p $R/srv/apt $R/etc/ssh/sshd_config.d
cat > $R/etc/ssh/sshd_config.d/bed.conf <<'X'
HostKey /etc/ssh/ssh_host_ed25519_key
UseDNS no
PasswordAuthentication no
PermitRootLogin prohibit-password
MaxStartups 200
X
mkdir -p $R/etc/systemd/journald.conf.d; printf '[Journal]\nStorage=persistent\nSystemMaxUse=16M\n' > $R/etc/systemd/journald.conf.d/bed.conf
chroot $R useradd -m -s /bin/bash ops; echo 'ops ALL=(ALL) NOPASSWD:ALL' > $R/etc/sudoers.d/ops; chmod 440 $R/etc/sudoers.d/ops
chroot $R useradd -r -d /var/lib/scylla -s /usr/sbin/nologin scylla
# the first stand-in version is installed and enabled in the image (a node that must start empty: apt-get purge it)
[ "$(cat "$BED_CACHE/apt/.stamp" 2>/dev/null)" = "$BED_STAMP" ] || "$BED_HOME/build-debs.sh" >&2
cp "$BED_CACHE"/apt/scylla-server_${BED_PREINSTALL:-6.2.0-0}_all.deb $R/root/s.deb; chroot $R dpkg -i /root/s.deb >/dev/null; rm $R/root/s.deb
chroot $R systemctl enable scylla-server >/dev/null 2>&1
echo "$BED_STAMP" > $R/.bed-done; mv "$BED_ROOTFS.tmp" "$BED_ROOTFS"; du -sm "$BED_ROOTFS"
