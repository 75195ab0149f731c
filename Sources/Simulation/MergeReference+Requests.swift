import Casework
import Ledger
import Regions

/// Requests and their answers, as the process file's sentences say it.
extension MergeReference {
  /// An answer counts if among its ancestors somebody asked and nobody answered, and if its author stands
  /// above each who asked; at the city, where the city asked, if he is another with a role of the top.
  func answer(_ item: Item, by rule: KindRule, _ above: Above) -> Verdict {
    let before = (ancestors[item.hash] ?? []).filter { hash in
      [.note, .fact, .answer].contains { verdicts[hash] == $0 }
    }.compactMap { items[$0] }
    let requests = before.filter { $0.kind == above.act && isAnswerable($0) }
    guard !before.contains(where: { $0.kind == item.kind }), !requests.isEmpty else {
      return .fails("not_allowed", isUnknown: false)
    }
    let isAbove = requests.allSatisfy { item.tier.rawValue < $0.tier.rawValue }
    let isTop =
      item.tier == .city && above.top.contains(item.role)
      && !requests.contains { $0.tier == .city && $0.account == item.account }
    guard isAbove || isTop else { return .fails("not_authorised", isUnknown: false) }
    let asked = requests.compactMap { $0.body?["days"]?.integer }
    if let most = asked.max(), let given = item.body?["days"]?.integer, given > most {
      return .fails("not_allowed", isUnknown: false)
    }
    return .answer
  }

  /// Whether the rules that a request was written under have it answered.
  private func isAnswerable(_ request: Item) -> Bool {
    guard let pinned = founder?.body?["rules"]?.bytes.flatMap({ Hash($0) }) else { return false }
    let rules = settle(ancestors[request.hash] ?? [], pinned: pinned, slotsOnly: true).rules
    let kinds = processes[rules]?.families.first { $0.name == family?.name }?.kinds ?? []
    return kinds.contains { $0.actors.above?.act == request.kind }
  }

  /// Of the answers done apart the first in the merge order stands; the others come too late.
  func settleAnswers(among hashes: Set<Hash>, into result: inout Result) {
    let answers = Dictionary(grouping: hashes.filter { verdicts[$0] == .answer }) {
      items[$0]?.kind ?? ""
    }
    for (kind, hashes) in answers {
      result.facts[kind, default: 0] += 1
      for late in hashes.sorted(by: precedes).dropFirst() {
        result.ineffective[late] = "already_decided"
      }
    }
  }
}
