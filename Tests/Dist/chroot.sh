#!/usr/bin/env bash
# Starts the program of an archive in a minimal Debian 12 without Swift.
# Usage: chroot.sh [ARCHIVE]     the newest of dist/ when none is named; needs root
#
# The chroot lies in .bench/ and is kept; a run that was cut goes on with the packages that it has
# already fetched. CHROOT_SECONDS limits the making of it (900), MIRROR names another mirror.
set -euo pipefail
cd "$(dirname "$0")/../.."

archive=${1:-$(find dist -maxdepth 1 -name 'liandong-*.tar.gz' -printf '%T@ %p\n' 2>/dev/null |
  sort -rn | head -n 1 | cut -d' ' -f2-)}
[ -f "$archive" ] || { echo "chroot: no archive; run make dist first" >&2; exit 66; }
[ "$(id -u)" -eq 0 ] || { echo "chroot: run as root: sudo $0 $archive" >&2; exit 77; }
.ci/setup dist >&2

# What the program asks of Debian beside its base system.
readonly include=libsqlite3-0
root=.bench/chroot-bookworm cache=$PWD/.bench/chroot-packages
if [ ! -f "$root/.complete" ]; then
  rm -rf "$root"
  mkdir -p "$root" "$cache"
  timeout --kill-after=20 "${CHROOT_SECONDS:-900}" debootstrap --variant=minbase \
    --include="$include" --cache-dir="$cache" bookworm "$root" \
    "${MIRROR:-http://deb.debian.org/debian}" >&2
  touch "$root/.complete"
fi
if find "$root/usr" "$root/opt" \( -name 'libswift*' -o -name 'libFoundation*' \) | grep . >&2; then
  echo "chroot: there is Swift in it, so it would prove nothing" >&2
  exit 65
fi

rm -rf "$root/opt/liandong"
mkdir -p "$root/opt/liandong"
tar --extract --gzip --file "$archive" --strip-components=1 --directory "$root/opt/liandong"
# Swift reads its arguments from /proc, which is mounted in a namespace that ends with the command.
inside() {
  timeout --kill-after=5 30 unshare --mount --fork sh -c '
    root=$1; shift
    mount -t proc proc "$root/proc" && exec chroot "$root" /opt/liandong/liandong "$@"' \
    sh "$root" "$@" </dev/null || {
    echo "chroot: liandong $* ended with $? in the chroot" >&2
    return 1
  }
}

version=$(inside --version)
echo "--version: $version"
case "$archive" in
  *"-$(grep -oE '[0-9]+(\.[0-9]+)+[-+.0-9A-Za-z]*' <<<"$version" | head -n 1)-"*) ;;
  *) echo "chroot: the archive's name has another version" >&2; exit 1 ;;
esac
help=$(inside --help)
grep -q serve <<<"$help" || { echo "chroot: --help does not name serve" >&2; exit 1; }
echo "--help: $(wc -l <<<"$help") lines"
