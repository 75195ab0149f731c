extension CustodyScript {
  /// What it asks of commits, events and evidence.
  static let ledger = #"""
    # --- Commits.

    # Reads a stamp and leaves its key in $signer and its milliseconds in $milliseconds.
    stamp() {
      where=$1/stamp.bin
      rest=$(hex <"$where")
      take 1
      [ "$taken" = 89 ] || fault "$where: 不是印记 no stamp"
      cbor 3 && take "$value" && region=$taken
      cbor 0 && cbor 0 && cbor 0
      milliseconds=$((value >> 16))
      cbor 3 && take "$value" && cbor 3 && take "$value"
      cbor 0 && tier=$value
      cbor 2 && take "$value" && signer=$taken
      case $tier in
        0) tier=city ;;
        1) tier=district ;;
        2) tier=township ;;
        *) fault "$where: 层级有误 no such tier" ;;
      esac
    }

    # Checks the signature of a commit and what is signed.
    commit() {
      stamp "$1"
      key "$signer"
      claimed=$(printf 'liandong://%s/%s/' "$deployment" "$tier" | hex)$region
      [ "$claimed" = "$(cat "$work/$signer.uri")" ] ||
        fault "$1: 印记与证书不符 the stamp names another office than the certificate"
      { printf 'liandong.stamp.1\n' && cat "$1/stamp.bin"; } | digest >"$work/stamp"
      {
        printf 'liandong.commit.1\n' && cat "$work/stamp"
        dd if="$1/signed.bin" bs=1 skip=50 count=32 2>/dev/null
        { printf 'liandong.events.1\n' && cat "$1/hashes.bin"; } | digest
      } >"$work/commit"
      cmp -s "$work/commit" "$1/signed.bin" || fault "$1: 所签内容不符 something else is signed"
      if openssl dgst -sha256 -verify "$work/$signer.pub" -signature "$1/signature.der" \
        "$1/signed.bin" >/dev/null 2>&1
      then
        good "$1: 签名有效 signed by $(cat "$work/$signer.name")"
      elif grep -qx "unsigned ${1#commits/}" index.txt; then
        note "$1: 自身签名无效,仅有导出节点之言 its own signature is not valid; the exporter alone says it"
      else
        fault "$1: 签名无效 the signature is not valid"
      fi
      openssl verify -CAfile "$ca" -no-CApath -no-CAstore -attime $((milliseconds / 1000)) \
        -untrusted "keys/$signer.pem" "keys/$signer.pem" >/dev/null 2>&1 ||
        note "$1: 按印记时间证书不在有效期 by the stamp's time the certificate was out of its dates"
    }

    # The id of the entity that an event founds: the stamp's time and the event's hash, $1.
    founded() {
      high=$((0x$(printf %s "$1" | cut -c17-24)))
      low=$((0x$(printf %s "$1" | cut -c25-32)))
      printf '%012x7%s%08x%08x' "$milliseconds" "$(printf %s "$1" | cut -c1-3)" \
        $((0x80000000 | high >> 2)) $(((high & 3) << 30 | low >> 2))
    }

    # --- Events, in the order of the index: parents before children.

    evidence_kind=$(printf lead.evidence_added | hex)
    lead=$(sed -n 's/^lead //p' index.txt | tr -d -)
    : >"$work/seen"
    current=
    event() {
      folder=commits/$1
      file=$folder/event-$2.bin
      [ "$1" = "$current" ] || commit "$folder"
      current=$1
      [ -f "$file" ] || fault "缺少事件 missing: $file"
      { printf 'liandong.event.1\n' && cat "$work/stamp" "$file"; } | digest >"$work/event"
      dd if="$folder/hashes.bin" bs=32 skip="$2" count=1 2>/dev/null | cmp -s - "$work/event" ||
        fault "$file: 不在所签提交中 is not the event that the commit signs"
      hash=$(hex <"$work/event")
      [ "$hash" = "$3" ] || fault "$file: 与索引不符 is not the event of the index"
      where=$file
      rest=$(od -An -v -tx1 -N 1300 "$file" | tr -d ' \n')
      take 1
      [ "$taken" = 86 ] || fault "$file: 不是事件 no event"
      cbor 2 && take "$value" && entity=$taken
      [ -n "$entity" ] || entity=$(founded "$hash")
      [ "$entity" = "$lead" ] || fault "$file: 属于其他事项 belongs to another lead"
      cbor 3 && take "$value" && kind=$taken
      cbor 4 && parents=$value
      while [ "$parents" -gt 0 ]; do
        cbor 2 && take "$value"
        grep -q "^$taken " "$work/seen" || grep -qx "missing $taken" index.txt ||
          fault "$file: 缺少前一事件 its parent is missing: $taken"
        parents=$((parents - 1))
      done
      if [ "$kind" = "$evidence_kind" ]; then
        grep -q "^evidence .* $hash\$" index.txt ||
          fault "$file: 证据不在索引中 its evidence is not in the index"
      fi
      printf '%s %s\n' "$hash" "$file" >>"$work/seen"
      good "$file: $hash"
    }

    evidence() {
      named=$(sed -n "s/^$3 //p" "$work/seen")
      [ -n "$named" ] || fault "evidence $1: 无事件登记 no event names it"
      if [ "$2" = none ]; then
        note "$named: 未指明证据文件 names no file"
        return 0
      fi
      grep -q "dfilex@$1" "$named" || fault "evidence $1: 与登记事件不符 the event names another file"
      if [ "$2" = held ]; then
        [ "$(sha256sum <"evidence/$1" | cut -c1-64)" = "$1" ] ||
          fault "evidence/$1: 内容不符 is not the file that the event names"
        good "evidence/$1"
      else
        note "evidence $1: 文件不在导出节点 the exporter does not hold the file"
      fi
    }

    while read -r word first second third; do
      case $word in
        lead | exporter) ;;
        event) event "$first" "$second" "$third" ;;
        missing) note "$first: 前一事件未到导出节点 a parent that the exporter does not hold" ;;
        evidence) evidence "$first" "$second" "$third" ;;
        *) fault "index.txt: $word" ;;
      esac
    done <index.txt

    # --- Nothing beside what was checked.

    sed 's/^[^ ]* //' "$work/seen" | sort >"$work/events"
    find commits -name 'event-*' | sort | cmp -s - "$work/events" ||
      fault "有未列入索引的事件 an event file is not in the index"
    sed -n 's/^evidence \([0-9a-f]*\) held .*/\1/p' index.txt | sort -u >"$work/evidence"
    if [ -d evidence ]; then ls evidence; fi | sort | cmp -s - "$work/evidence" ||
      fault "有未列入索引的证据 an evidence file is not in the index"
    good "全部通过:$(wc -l <"$work/events" | tr -d ' ') 个事件。不证明没有其他记录。" \
      "All good. That nothing else exists is not proven."

    """#
}
