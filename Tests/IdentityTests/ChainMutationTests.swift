import Crypto
import Identity
import Testing

/// Chains come from hostile peers: whatever is done to their bytes, judging them neither crashes nor
/// yields another name or key.
@Suite struct ChainMutationTests {
  static let iterations = 1_000

  @Test(arguments: [UInt64(1), 20_261_123])
  func mutatedChainNeverProvesAnotherName(seed: UInt64) throws {
    var city = try TestCity()
    let key = NodeKey.generate()
    let chain = try city.issue(key, hosts: ["node.example.cn", "10.0.0.7"]).der
    let name = try city.name()
    var generator = SeededGenerator(seed: seed)
    var refused = 0
    for iteration in 0..<Self.iterations {
      let mutated = Self.mutated(chain, &generator)
      switch city.authority.roots.judge(chain: mutated) {
      case .refused(let refusal):
        refused += 1
        #expect(refusal.reason.isPermanent && !refusal.message.isEmpty)
      case .certified(let certified):
        // A signature has a twin that is as good; what it signs is the same.
        #expect(
          certified.name == name && certified.keyID == key.keyID,
          "seed \(seed), iteration \(iteration)")
      }
      _ = try? CertificateDescription(der: mutated.first ?? [])
    }
    #expect(refused > Self.iterations * 9 / 10, "seed \(seed)")
  }

  @Test func everySingleByteOfTheNodeCertificateMatters() throws {
    var city = try TestCity()
    // Some encodings can be altered unseen only where a signature ends in a zero bit, so several
    // certificates are tried, of which one in two does.
    for _ in 0..<8 {
      let chain = try city.issue(.generate()).der
      for index in chain[0].indices {
        var altered = chain
        altered[0][index] ^= 0x01
        #expect(city.authority.roots.judge(chain: altered).refusal != nil, "byte \(index)")
      }
    }
  }

  @Test func mutatedSigningRequestNeverProvesAnotherKey() throws {
    let city = try TestCity()
    let key = NodeKey.generate()
    let pem = try key.certificateSigningRequest(name: city.name(), hosts: [])
    var generator = SeededGenerator(seed: 3)
    var refused = 0
    for iteration in 0..<Self.iterations {
      var bytes = Array(pem.utf8)
      let index = Int.random(in: 0..<bytes.count, using: &generator)
      bytes[index] = UInt8.random(in: 0x20..<0x7F, using: &generator)
      let mutated = String(decoding: bytes, as: UTF8.self)
      guard let request = try? NodeSigningRequest(pem: mutated) else {
        refused += 1
        continue
      }
      let name = try city.name()
      #expect(
        request.publicKey.rawRepresentation == key.publicKey.rawRepresentation
          && request.name == name, "iteration \(iteration)")
    }
    #expect(refused > Self.iterations * 8 / 10)
  }

  /// One to four changes: bytes altered, removed, repeated, cut off or taken from the neighbour.
  private static func mutated(
    _ chain: [[UInt8]], _ generator: inout SeededGenerator
  ) -> [[UInt8]] {
    var chain = chain
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let which = Int.random(in: 0..<chain.count, using: &generator)
      guard !chain[which].isEmpty else { continue }
      let index = Int.random(in: 0..<chain[which].count, using: &generator)
      let end = min(chain[which].count, index + Int.random(in: 1...8, using: &generator))
      switch Int.random(in: 0..<8, using: &generator) {
      case 0, 1: chain[which][index] = UInt8.random(in: 0...255, using: &generator)
      case 2: chain[which][index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 3: chain[which].removeSubrange(index..<end)
      case 4: chain[which].insert(contentsOf: chain[which][index..<end], at: index)
      case 5: chain[which].removeSubrange(index...)
      case 6:
        let other = chain[(which + 1) % chain.count]
        for place in index..<end where place < other.count {
          chain[which][place] = other[place]
        }
      default: chain.swapAt(which, Int.random(in: 0..<chain.count, using: &generator))
      }
    }
    return chain
  }
}
