import Casework
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// Random acts on a receipt line, by those who may and those who may not, against a table written by
/// hand from what the offices agreed on.
@Suite struct DirectiveModelTests {
  private enum Office: CaseIterable { case issuer, between, recipient }

  /// What an act does: from which stages, to which, by whom, as the node itself or as a person.
  private struct Move {
    let act: Act
    let from: Set<String>
    let to: String
    let office: Office
    var role = "platform_office"
  }

  private static let unfinished: Set = ["open", "delivered", "read", "accepted", "returned"]

  private static func moves(successor: EntityID) -> [Move] {
    [
      Move(
        act: .deliver(), from: ["open"], to: "delivered", office: .recipient, role: "system"),
      Move(act: .read(), from: ["open", "delivered"], to: "read", office: .recipient),
      Move(
        act: .accept(), from: ["open", "delivered", "read"], to: "accepted", office: .recipient),
      Move(
        act: .completeReceipt(), from: ["accepted", "returned"], to: "completed",
        office: .recipient),
      Move(
        act: .returnReceipt(reason: "照片不全"), from: ["completed"], to: "returned", office: .issuer),
      Move(act: .verifyReceipt(), from: ["completed"], to: "verified", office: .issuer),
      Move(
        act: .supersedeReceipt(by: successor), from: unfinished, to: "superseded",
        office: .issuer),
      Move(act: .cancelReceipt(), from: unfinished, to: "cancelled", office: .issuer),
    ]
  }

  @Test(arguments: 811...818)
  func `a line comes to the stages of the table and to no others`(seed: UInt64) throws {
    let offices = try DirectiveCity(seed: seed)
    let city = offices.city
    let (issued, other) = (try offices.issue(to: [.t1]), try offices.issue(to: [.t2]))
    try city.settle()
    let line = issued.lines[0]
    let regions: [Office: RegionID] = [.issuer: .h, .between: .d1, .recipient: .t1]
    var expected = "open"
    var visited: [String] = []
    for step in 0..<60 {
      // The acts that end it come last, so that every walk is long.
      let moves = Self.moves(successor: other.directive)
      let move = city.numbers.pick(Array(moves.prefix(step < 45 ? 5 : moves.count)))
      let office = city.numbers.percent(50) ? move.office : city.numbers.pick(Office.allCases)
      let role = city.numbers.percent(80) ? move.role : "auditor"
      let region = try #require(regions[office])
      try offices.author(region, as: role, [city.draft(move.act, on: line, at: region)])
      if office == move.office, role == move.role, move.from.contains(expected) {
        expected = move.to
        visited.append(expected)
      }
      #expect(try offices.stage(of: line, at: region) == expected, "\(move.act.kind)")
      try city.settle()
    }
    #expect(visited.count >= 3, "the walk went nowhere: \(visited)")
    #expect(try city[.h].entity(line)?.state?.conflicts.isEmpty == true)
    try offices.check()
  }
}
