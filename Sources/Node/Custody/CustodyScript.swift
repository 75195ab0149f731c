/// The script `verify.sh` of a custody file, by which a third party checks it. It is the same in every
/// file that this version writes.
package enum CustodyScript {
  /// The whole script.
  package static let text = frame + ledger

  /// How it reads bytes, and what it asks of the list of files and of certificates.
  private static let frame = #"""
    #!/bin/sh
    # Checks a custody file 证据链档案 with nothing of the program that wrote it: a POSIX shell and its
    # usual tools, openssl, sha256sum. docs/CUSTODY.md says what each check means.
    #
    #   sh verify.sh CA.pem [FOLDER]
    #
    # CA.pem is the deployment's root certificate, from a hand that you trust. FOLDER is where the tar was
    # unpacked; without it, where this script lies. One line for each check; at the first fault the exit
    # status is 1, for a call that is not understood 64.
    set -eu
    LC_ALL=C
    export LC_ALL

    fault() {
      printf '不通过 FAULT  %s\n' "$*"
      exit 1
    }
    good() { printf '通过 ok  %s\n' "$*"; }
    note() { printf '注意 note  %s\n' "$*"; }

    if [ $# -lt 1 ] || [ $# -gt 2 ] || [ ! -r "$1" ]; then
      echo "用法 usage: sh verify.sh CA.pem [FOLDER]" >&2
      exit 64
    fi
    ca=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
    cd "${2:-$(dirname "$0")}" || exit 64
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT

    # --- Bytes, as hexadecimal digits in $rest.

    hex() { od -An -v -tx1 | tr -d ' \n'; }
    digest() { openssl dgst -sha256 -binary; }

    # Moves N bytes from the beginning of $rest to $taken.
    take() {
      mask=
      left=$1
      if [ "$left" -lt 0 ] || [ "$left" -gt 1300 ]; then fault "$where: 长度有误 no such length"; fi
      while [ "$left" -gt 0 ]; do
        mask="$mask??"
        left=$((left - 1))
      done
      # shellcheck disable=SC2295 # the mask is a pattern
      tail=${rest#$mask}
      [ -z "$mask" ] || [ "$tail" != "$rest" ] || fault "$where: 字节不足 bytes are missing"
      taken=${rest%"$tail"}
      rest=$tail
    }

    # Reads the head of a CBOR value (RFC 8949): its major type and its number or length.
    cbor() {
      take 1
      major=$((0x$taken >> 5))
      value=$((0x$taken & 31))
      case $value in
        24) take 1 && value=$((0x$taken)) ;;
        25) take 2 && value=$((0x$taken)) ;;
        26) take 4 && value=$((0x$taken)) ;;
        27) take 8 && value=$((0x$taken)) ;;
      esac
      [ "$major" = "$1" ] || fault "$where: 编码有误 is not encoded as it must be"
    }

    # --- The list of files, and who wrote it.

    [ -z "$(find . ! -type f ! -type d)" ] || fault "有非普通文件 something is no plain file"
    for file in manifest.txt manifest.sig index.txt; do
      [ -f "$file" ] || fault "缺少 missing: $file"
    done
    if grep -qv '^[0-9a-f]\{64\}  [A-Za-z0-9][A-Za-z0-9./-]*$' manifest.txt || grep -q '\.\.' manifest.txt
    then
      fault "manifest.txt: 格式有误 a line is none"
    fi
    if grep -qvE -e '^lead [0-9a-f-]{36}$' -e '^exporter [0-9a-f]{32}$' -e '^unsigned [0-9]{5}$' \
      -e '^event [0-9]{5} [0-9]{3} [0-9a-f]{64}$' -e '^missing [0-9a-f]{64}$' \
      -e '^evidence [0-9a-f]{64} (held|absent) [0-9a-f]{64}$' -e '^evidence - none [0-9a-f]{64}$' \
      index.txt
    then
      fault "index.txt: 格式有误 a line is none"
    fi
    cut -c67- manifest.txt | sort >"$work/listed"
    find . -type f | sed 's|^\./||' | grep -vx -e manifest.txt -e manifest.sig | sort >"$work/found"
    cmp -s "$work/listed" "$work/found" ||
      fault "文件与清单不符 the files are not those of manifest.txt"
    sha256sum -c manifest.txt >"$work/sums" 2>&1 ||
      fault "文件已改动 altered: $(grep -v ': OK$' "$work/sums" | sed -n 1p)"
    good "manifest.txt: $(wc -l <manifest.txt | tr -d ' ') 个文件 files"

    subject=$(openssl x509 -in "$ca" -noout -subject -nameopt sep_multiline,utf8,sname) ||
      fault "$1: 不是证书 no certificate"
    deployment=$(printf '%s\n' "$subject" | sed -n 's/^ *O=//p')
    [ -n "$deployment" ] || fault "$1: 根证书无部署名 the root names no deployment (O)"

    # --- Certificates.

    # Judges the chain of a key by the CA, once: leaves its public key and its name (hexadecimal) behind.
    # Dates are not looked at: what a stamp says of its time is its author's word, and history must stay
    # good for ever. A certificate that was out of its dates by that word is only noted.
    key() {
      [ ! -f "$work/$1.uri" ] || return 0
      chain=keys/$1.pem
      [ -f "$chain" ] || fault "缺少证书 missing: $chain"
      openssl verify -CAfile "$ca" -no-CApath -no-CAstore -no_check_time -purpose sslclient \
        -untrusted "$chain" "$chain" >"$work/judged" 2>&1 ||
        fault "$chain: 不属于该根证书 not of this CA: $(grep -i error "$work/judged" | sed -n 1p)"
      openssl x509 -in "$chain" -noout -pubkey >"$work/$1.pub"
      name=$(openssl pkey -pubin -in "$work/$1.pub" -outform DER | digest | hex | cut -c1-32)
      [ "$name" = "$1" ] || fault "$chain: 公钥不符 holds another key"
      openssl x509 -in "$chain" -noout -ext subjectAltName | tr ',' '\n' |
        sed -n 's/^ *URI://p' >"$work/uri"
      [ "$(wc -l <"$work/uri")" -eq 1 ] || fault "$chain: 名称有误 names not one node"
      uri=$(cat "$work/uri")
      case $uri in
        "liandong://$deployment/"*) ;;
        *) fault "$chain: 属于其他部署 of another deployment: $uri" ;;
      esac
      printf '%s' "$uri" >"$work/$1.name"
      hex <"$work/$1.name" >"$work/$1.uri"
      good "$chain: $uri"
    }

    exporter=$(sed -n 's/^exporter //p' index.txt)
    key "$exporter"
    { printf 'liandong.custody.1\n' && cat manifest.txt; } >"$work/signed"
    openssl dgst -sha256 -verify "$work/$exporter.pub" -signature manifest.sig "$work/signed" \
      >/dev/null 2>&1 || fault "manifest.sig: 签名无效 not the signature of the exporter"
    good "manifest.sig: 导出节点已签名 signed by the exporter"


    """#
}
