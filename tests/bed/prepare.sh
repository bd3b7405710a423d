#!/bin/bash
# prepare.sh : what up.sh needs and keeps: the published node, the packages, the image. 40 s the first time, then nothing.
. "$(dirname "$0")/lib.sh"; set -e
"$BED_HOME/publish-node.sh"
[ "$(cat "$BED_CACHE/apt/.stamp" 2>/dev/null)" = "$BED_STAMP" ] || "$BED_HOME/build-debs.sh"
"$BED_HOME/build-rootfs.sh"
