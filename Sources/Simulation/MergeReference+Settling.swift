import Casework
import Ledger
import Regions

/// What a set of events comes to, once each was judged.
extension MergeReference {
  func precedes(_ a: Hash, _ b: Hash) -> Bool {
    func rank(_ hash: Hash) -> Int {
      guard let item = items[hash] else { return 4 }
      if family?.founderRanksFirst == true, item.region == founder?.region { return 0 }
      return Int(item.tier.rawValue) + 1
    }
    let (x, y) = (rank(a), rank(b))
    if x != y { return x < y }
    let (s, t) = (ties[a] ?? 0, ties[b] ?? 0)
    return s != t ? s < t : a < b
  }

  func settle(_ hashes: Set<Hash>, pinned: Hash, slotsOnly: Bool = false) -> Result {
    var result = Result(rules: pinned)
    var candidates: [String: [Hash]] = [:]
    var decisions: [Pair: [Hash]] = [:]
    for hash in hashes {
      switch verdicts[hash] {
      case .stage: candidates["stage", default: []].append(hash)
      case .rules: candidates["rules", default: []].append(hash)
      case .field(let slot, _): candidates[slot, default: []].append(hash)
      case .decides(let pair, _): decisions[pair, default: []].append(hash)
      case .fact, .note: result.facts[items[hash]?.kind ?? "", default: 0] += 1
      case .fails(let reason, let isUnknown):
        result.ineffective[hash] = reason
        if isUnknown { result.isPartlyUnderstood = true }
      case .answer, .declares, .waits, nil: break
      }
    }
    settleAnswers(among: hashes, into: &result)
    for (slot, hashes) in candidates where !slotsOnly || slot == "stage" || slot == "rules" {
      var standing: [Hash] = []
      for hash in hashes.sorted(by: precedes) {
        if let rival = standing.first(where: { areConcurrent($0, hash) }) {
          result.ineffective[hash] = "superseded"
          result.conflicts[Pair(slot: slot, winner: rival, loser: hash)] = ""
        } else {
          standing.append(hash)
        }
      }
      let last = standing.max { a, b in
        let (x, y) = (ancestors[a]?.count ?? 0, ancestors[b]?.count ?? 0)
        return x != y ? x < y : a < b
      }
      guard let last else { continue }
      switch verdicts[last] {
      case .stage(let value, _), .field(_, let value):
        result.slots[slot] = Slot(event: last, value: value)
      case .rules(let rules): result.rules = rules
      default: break
      }
    }
    for (pair, hashes) in decisions where !slotsOnly {
      let inOrder = hashes.sorted(by: precedes)
      for late in inOrder.dropFirst() { result.ineffective[late] = "already_decided" }
      if result.conflicts[pair] != nil, case .decides(_, let verdict) = verdicts[inOrder[0]] {
        result.conflicts[pair] = Self.decision(inOrder[0], verdict)
      }
    }
    guard !slotsOnly, let close = close(before: result.slots["stage"]?.event, pinned) else {
      return result
    }
    result.needsReview = hashes.contains { verdicts[$0] == .fact && areConcurrent(close, $0) }
    return result
  }

  /// The close upon which a case came to its stage, by one end after another.
  private func close(before last: Hash?, _ pinned: Hash) -> Hash? {
    var move = last
    while let hash = move, case .stage(_, let key) = verdicts[hash] {
      let before = settle(ancestors[hash] ?? [], pinned: pinned, slotsOnly: true)
      let family = processes[before.rules]?.families.first { [name = self.family?.name] in
        $0.name == name
      }
      guard let stage = family?.stage(key), stage.isEnd else { return nil }
      if stage.isClosing { return hash }
      guard family?.closedStages.contains(key) == true else { return nil }
      move = before.slots["stage"]?.event
    }
    return nil
  }
}
