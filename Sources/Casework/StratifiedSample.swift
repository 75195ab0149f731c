package import Ledger

/// A sample of cases that anybody can draw again: the strata get their shares by size, and within a
/// stratum the seed decides (分层抽样).
///
/// A case's place in the draw is SHA-256 over seed and id, so whoever knows the seed only afterwards
/// could not have chosen, and whoever draws again gets the same.
package struct StratifiedSample: Sendable {
  /// A case of the sample.
  package struct Drawn: Hashable, Sendable {
    package let id: EntityID
    package let stratum: String
  }

  /// By stratum, then in the order of the draw.
  package let drawn: [Drawn]

  /// Draws.
  ///
  /// - Parameters:
  ///   - size: how many cases; all where there are no more.
  ///   - cases: ids by stratum; an id stands in one stratum alone.
  ///   - seed: any text, told to all beforehand or drawn by lot.
  package init(of size: Int, from cases: [String: [EntityID]], seed: String) {
    let shares = Self.shares(of: size, among: cases.mapValues(\.count))
    drawn = shares.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .flatMap { stratum, share in
        (cases[stratum] ?? []).map { (id: $0, place: Self.place(of: $0, by: seed)) }
          .sorted { ($0.place, $0.id) < ($1.place, $1.id) }
          .prefix(share).map { Drawn(id: $0.id, stratum: stratum) }
      }
  }

  private static func place(of id: EntityID, by seed: String) -> Hash {
    Hash(of: Array(seed.utf8) + [0] + id.bytes)
  }

  /// Each stratum's share: one at least where the size allows one for each, the rest in proportion by
  /// the largest remainder, ties to the larger stratum and then to the lesser name.
  static func shares(of size: Int, among counts: [String: Int]) -> [String: Int] {
    let strata = counts.filter { $0.value > 0 }
    let total = strata.values.reduce(0, +)
    guard size > 0, total > 0 else { return [:] }
    guard size < total else { return strata }
    let sorted = strata.sorted { a, b in
      a.value == b.value
        ? a.key.utf8.lexicographicallyPrecedes(b.key.utf8) : a.value > b.value
    }
    // Too few for one each: the largest strata get one.
    guard size >= sorted.count else {
      return Dictionary(
        sorted.prefix(size).map { ($0.key, 1) }, uniquingKeysWith: { first, _ in first })
    }
    let free = size - sorted.count
    let rest = total - sorted.count
    var shares: [String: Int] = [:]
    var remainders: [(key: String, remainder: Int)] = []
    for (key, count) in sorted {
      let product = (count - 1).multipliedReportingOverflow(by: free)
      let whole = product.overflow ? 0 : product.partialValue / max(rest, 1)
      shares[key] = 1 + whole
      remainders.append((key, product.overflow ? 0 : product.partialValue % max(rest, 1)))
    }
    let missing = size - shares.values.reduce(0, +)
    // The sort is stable, so that ties keep the order above.
    for (key, _) in remainders.sorted(by: { $0.remainder > $1.remainder }).prefix(missing) {
      shares[key, default: 0] += 1
    }
    return shares
  }
}
