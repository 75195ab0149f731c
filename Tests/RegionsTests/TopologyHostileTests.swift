import Regions
import Testing

@Suite struct TopologyHostileTests {
  @Test func everyTruncationGivesATopologyOrFindings() {
    let scalars = Array(TopologyFixture.good.unicodeScalars)
    for length in 0...scalars.count {
      let text = String(String.UnicodeScalarView(scalars[..<length]))
      expectAnAnswer(to: text, "truncated to \(length) characters")
    }
  }

  @Test(arguments: UInt64(1)...20)
  func randomMutationsGiveATopologyOrFindings(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let alphabet = Array("&*?:-[]{},#|>!%@`'\"\\~ \n\t\r09azé开\u{0}\u{85}\u{2028}".unicodeScalars)
    for round in 0..<40 {
      var scalars = Array(TopologyFixture.good.unicodeScalars)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<scalars.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: scalars.remove(at: place)
        case 1: scalars.insert(alphabet.randomElement(using: &random) ?? " ", at: place)
        case 2: scalars[place] = alphabet.randomElement(using: &random) ?? " "
        default:
          let end = min(scalars.count, place + Int.random(in: 1...80, using: &random))
          scalars.insert(
            contentsOf: scalars[place..<end], at: Int.random(in: 0..<place + 1, using: &random))
        }
      }
      let text = String(String.UnicodeScalarView(scalars))
      expectAnAnswer(to: text, "seed \(seed), round \(round)")
    }
  }

  private func expectAnAnswer(to text: String, _ how: String) {
    switch TopologyFile.parse(text) {
    case .topology(let topology):
      #expect(topology.linkTree.count == topology.regions.count, "\(how)")
    case .refused(let findings):
      let lines =
        1 + text.unicodeScalars.count { "\n\r\u{85}\u{2028}\u{2029}".unicodeScalars.contains($0) }
      #expect(!findings.isEmpty, "\(how)")
      #expect(findings == findings.sorted(), "\(how)")
      #expect(
        findings.allSatisfy { (1...lines + 1).contains($0.line) && $0.column >= 1 }, "\(how)")
    }
  }

  @Test func aBombOfAliasesIsRefusedAtOnce() {
    var text = "deployment: x\nl0: &l0 [a, a]\n"
    for level in 1...60 {
      let aliases = Array(repeating: "*l\(level - 1)", count: 9).joined(separator: ", ")
      text += "l\(level): &l\(level) [\(aliases)]\n"
    }
    // As a key it would have to be hashed as a whole.
    text += "? *l60\n: regions\n"
    let codes = TopologyFixture.findings(text).map(\.code)
    #expect(codes.contains(.anchorNotAllowed))
  }

  @Test(arguments: ["[", "{", "- ", "? ", "[{", "!a [", "\"", "|"])
  func deepNestingIsRefused(_ opening: String) {
    let text =
      "deployment: " + (opening == "- " ? "\n" : "")
      + String(repeating: opening, count: 100_000)
    #expect(!TopologyFixture.findings(text).isEmpty)
  }

  @Test(arguments: [("[", "]"), ("{a: ", "}")])
  func nestingThatIsClosedIsRefusedAsTooDeep(_ opening: String, _ closing: String) {
    let text =
      "deployment: " + String(repeating: opening, count: 900) + "x"
      + String(repeating: closing, count: 900)
    #expect(Set(TopologyFixture.findings(text).map(\.code)) == [.tooDeep])
  }

  @Test func manyRegionsAreReadInReasonableTime() throws {
    var text = "deployment: x\nregions:\n  - {id: hub, no: 1, tier: city, names: 市}\n"
    for number in 2...5_000 {
      text += "  - {id: t\(number), no: \(number), tier: township, names: 乡, parent: no\(number)}\n"
    }
    let clock = ContinuousClock()
    let start = clock.now
    let findings = TopologyFixture.findings(text)
    #expect(findings.count == 4_999)
    #expect(findings.allSatisfy { $0.code == .unknownParent })
    #expect(clock.now - start < .seconds(30))
  }
}
