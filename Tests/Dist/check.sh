#!/usr/bin/env bash
# Starts what `make dist` made in a Debian that has no Swift: a chroot by debootstrap with the few
# libraries that the program names. Needs root and Debian's packages. Usage: check.sh [ARCHIVE]
set -euo pipefail
cd "$(dirname "$0")/../.."

refuse() { echo "dist check: $*" >&2; exit 1; }

archive=${1:-$(find dist -name 'liandong-*.tar.gz' 2>/dev/null | sort | tail -n 1)}
[ -f "$archive" ] || refuse "there is no archive; run make dist first"
[ "$(id -u)" -eq 0 ] || refuse "a chroot needs root; run: sudo Tests/Dist/check.sh"
.ci/setup dist >&2

# The mirror and the release are this machine's own.
codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirror=$(apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Created-By: Packages' |
  awk -v wanted="$codename" '$1 == wanted { print $2; exit }')
[ -n "$mirror" ] || refuse "apt knows no mirror of $codename; run apt-get update"

root=$(mktemp -d /tmp/liandong-dist-XXXXXX)
server=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  wait 2>/dev/null || true
  umount "$root/os/proc" 2>/dev/null || true
  rm -rf --one-file-system "$root"
}
trap finish EXIT
debootstrap --variant=minbase --include=libsqlite3-0 "$codename" "$root/os" "$mirror" >&2
# The Swift runtime takes a program's arguments from there.
mountpoint -q "$root/os/proc" || mount -t proc proc "$root/os/proc"

tar --extract --gzip --file "$archive" --directory "$root"
install -m 755 "$root"/liandong-*/liandong "$root/os/usr/bin/liandong"
install -D -m 644 topology/lianyungang.yaml "$root/os/root/city.yaml"
[ -f "$root"/liandong-*/liandong.service ] || refuse "the archive holds no systemd unit"
[ -d "$root"/liandong-*/licenses ] || refuse "the archive holds no licences"

inside() { chroot "$root/os" /usr/bin/env -i PATH=/usr/bin:/bin HOME=/root LANG=C.UTF-8 "$@"; }

! inside sh -c 'command -v swift' >/dev/null || refuse "the chroot has Swift"
inside liandong --version
inside liandong provision /root/city.yaml --out /root/nodes >/dev/null
home=/root/nodes/lianyungang-shi
inside liandong node init --home "$home" >/dev/null
chroot "$root/os" /usr/bin/env -i PATH=/usr/bin:/bin HOME=/root liandong serve --home "$home" \
  2>"$root/serve.err" &
server=$!
running=
for _ in $(seq 100); do
  running=$(inside liandong status --json --home "$home" |
    grep -o '"running":true' || true)
  [ -z "$running" ] || break
  kill -0 "$server" 2>/dev/null || refuse "serve ended: $(tail -n 1 "$root/serve.err")"
  sleep 0.2
done
[ -n "$running" ] || refuse "serve did not answer within 20 s"
inside liandong lead report --home "$home" --title t --text t --channel phone >/dev/null
inside liandong lead list --json --home "$home" | grep -q '"title":"t"' ||
  refuse "the lead is not in the list"
kill -TERM "$server"
wait "$server" || refuse "serve ended with $? after SIGTERM"
server=
inside liandong verify --home "$home"
echo "dist check: $(basename "$archive") serves in a $codename without Swift"
