#!/usr/bin/env bash
# Makes dist/liandong-<version>-linux-<machine>.tar.gz: the stripped program with the Swift
# libraries inside, a systemd unit, and every licence that applies. Prints the archive's path.
set -euo pipefail
cd "$(dirname "$0")/.."
.ci/setup dist >&2

swift build -c release --product liandong --static-swift-stdlib --scratch-path .build-dist >&2
built="$(swift build -c release --static-swift-stdlib --scratch-path .build-dist --show-bin-path)"

version=$("$built/liandong" --version | grep -oE '[0-9]+(\.[0-9]+)+[-+.0-9A-Za-z]*' | head -n 1) || {
  echo "dist: liandong --version names no version" >&2
  exit 78
}
name="liandong-$version-linux-$(uname -m)"
stage=".build-dist/stage/$name"
rm -rf .build-dist/stage
mkdir -p "$stage/licenses" dist

strip -o "$stage/liandong" "$built/liandong"
cp docs/liandong.service README.md LICENSE NOTICE "$stage/"
# Resources of packages lie in bundles beside the program.
find "$built" -maxdepth 1 -name '*.resources' -exec cp -r {} "$stage/" \;

# A package may contain code of others with a licence of its own, so the whole checkout is searched.
for checkout in .build-dist/checkouts/*/; do
  package=$(basename "$checkout")
  found=0
  while IFS= read -r -d '' file; do
    target="$stage/licenses/$package/${file#"$checkout"}"
    mkdir -p "$(dirname "$target")"
    cp "$file" "$target"
    found=1
  done < <(find "$checkout" \( -name .git -o -name Tests \) -prune -o -type f \
    \( -iname 'LICENSE*' -o -iname 'NOTICE*' -o -iname 'COPYING*' \) \
    ! -name '*.swift' ! -name '*.sh' ! -name '*.h' -print0)
  [ "$found" -eq 1 ] || { echo "dist: $package has no licence file" >&2; exit 65; }
done
runtime=$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")/share/swift/LICENSE.txt
if [ -f "$runtime" ]; then
  mkdir -p "$stage/licenses/swift-runtime"
  cp "$runtime" "$stage/licenses/swift-runtime/"
else
  echo "dist: the licence of the Swift runtime is not at $runtime" >&2
  exit 65
fi

# No library of Swift may be left to find at run time.
if ldd "$stage/liandong" | grep -iE 'libswift|libFoundation|libdispatch|lib_Foundation' >&2; then
  echo "dist: the program still needs the libraries of Swift above" >&2
  exit 65
fi

chmod -R u=rwX,go=rX "$stage"
chmod 755 "$stage/liandong"
stamp=$(git log -1 --format=%ct 2>/dev/null || date +%s)
archive="dist/$name.tar.gz"
tar --create --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$stamp" \
  --directory .build-dist/stage "$name" | gzip --no-name >"$archive.part"
mv "$archive.part" "$archive"
echo "$archive"
