import Casework
import Foundation
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// A city of two districts under the shipped process, in which the hub issues directives.
struct DirectiveCity {
  static let hour: UInt64 = 3_600_000

  let city: HandTurnedCity
  let rules: Hash

  init(seed: UInt64) throws {
    city = try HandTurnedCity(seed: seed, .twoDistricts())
    try city.settle()
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(
      contentsOf: root.appending(path: "topology/process.yaml"), encoding: .utf8)
    guard case .draft(let draft) = ProcessFile.parse(text, in: nil) else {
      throw HandTurnedCity.Fault(description: "the shipped process has faults")
    }
    rules = draft.process.hash
    try city.author(
      .h, lane: .urgent,
      [
        PublishedProcess.draft(
          draft.process, effectiveMilliseconds: 0, salt: city.numbers.bytes(16))
      ])
    try city.settle()
  }

  /// Writes at a node, as a person of the platform office unless another role is said.
  @discardableResult
  func author(
    _ region: RegionID, as role: String = "platform_office", _ drafts: [EventDraft]
  ) throws -> Commit {
    city.now += 7
    let commit = try city.write(city[region]) { transaction in
      try transaction.author(actor: "wang", role: role, lane: .urgent) { commit in
        for draft in drafts { commit.add(draft) }
      }
    }
    city.oracle.note(commit, isHostile: false)
    return commit
  }

  func act(_ act: Act, on entity: EntityID, at region: RegionID) throws {
    try author(region, [city.draft(act, on: entity, at: region)])
  }

  /// Issues a directive to regions; gives its id and those of the lines, in their order.
  func issue(
    to regions: [RegionID], dueMilliseconds: UInt64? = nil
  ) throws -> (directive: EntityID, lines: [EntityID]) {
    let due = dueMilliseconds.map { Int64($0) }
    let issue = DirectiveIssue(title: "秸秆禁烧", text: "每日巡查", dueMilliseconds: due)
    let directive = try city.entity(
      of: author(
        .h, [issue.draft(rules: rules, salt: city.numbers.bytes(16), audience: [.h] + regions)]))
    let lines = try regions.map { region in
      try city.entity(of: author(.h, [line(of: directive, to: region, by: .h, due)]))
    }
    return (directive, lines)
  }

  func line(
    of directive: EntityID, to region: RegionID, by issuer: RegionID, _ due: Int64? = nil
  ) -> EventDraft {
    ReceiptOpening(directive: directive, recipient: region, dueMilliseconds: due)
      .draft(rules: rules, salt: city.numbers.bytes(16), audience: [region, issuer])
  }

  @discardableResult
  func deliver(at region: RegionID) throws -> Int {
    try city.write(city[region]) { transaction in
      try transaction.sweepDeliveries { city.numbers.bytes(16) }.delivered
    }
  }

  @discardableResult
  func warn(at region: RegionID) throws -> Int {
    try city.write(city[region]) { transaction in
      try transaction.sweepWarnings { city.numbers.bytes(16) }.warnings
    }
  }

  func stage(of entity: EntityID, at region: RegionID) throws -> String? {
    try city[region].entity(entity)?.state?.stage?.stage
  }

  /// Checks that all nodes agree and that every store is the fold of its events.
  func check() throws {
    try city.settle()
    try city.checkConverged(alive: city.alive)
    for region in city.regions {
      let report = try city[region].store.read { try $0.verify(judge: city.authority) { _ in } }
      #expect(report.isGood, "\(region): \(report.failures)")
    }
  }
}
