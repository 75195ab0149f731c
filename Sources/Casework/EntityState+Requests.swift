import Ledger
import Regions

extension EntityState {
  private static let requestFields = 3

  /// Writes the requests; see ``encoded``.
  func encodeRequests(into encoder: inout CanonicalEncoder) {
    encoder.array(count: requests.count)
    for (act, request) in requests.sorted(by: { bytesAscend($0.key, $1.key) }) {
      encoder.array(count: Self.requestFields + (request.days == nil ? 0 : 1))
      encoder.text(act)
      encoder.unsigned(UInt64(request.tier.rawValue))
      encoder.value(.array(request.accounts.map { .text($0) }))
      if let days = request.days { encoder.value(.integer(days)) }
    }
  }

  /// Reads what ``encodeRequests(into:)`` wrote: at least one.
  mutating func decodeRequests(_ decoder: inout CanonicalDecoder) throws(MalformedBytes) {
    var last: String?
    for _ in 0..<(try decoder.array()) {
      let fields = try decoder.array()
      let act = try decoder.text()
      try decoder.expect(last.map { bytesAscend($0, act) } ?? true)
      last = act
      guard let tier = UInt8(exactly: try decoder.unsigned()).flatMap(Tier.init(rawValue:)),
        let accounts = try decoder.value().array
      else { throw MalformedBytes("ill-formed request", at: decoder.offset) }
      let names = accounts.compactMap(\.text)
      let days = fields > Self.requestFields ? try decoder.value().integer : nil
      guard fields == Self.requestFields + (days == nil ? 0 : 1), names.count == accounts.count,
        zip(names, names.dropFirst()).allSatisfy({ bytesAscend($0, $1) }),
        requests.updateValue(Request(tier: tier, days: days, accounts: names), forKey: act) == nil
      else { throw MalformedBytes("ill-formed request", at: decoder.offset) }
    }
    guard !requests.isEmpty else { throw MalformedBytes("no request", at: decoder.offset) }
  }
}
