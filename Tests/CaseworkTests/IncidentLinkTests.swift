import Casework
import Ledger
import Regions
import Testing

/// The incident that a report is linked to follows from the order of its events, not from clocks.
@Suite struct IncidentLinkTests {
  private static let text = """
    process: 1
    roles: {officer: {zh: 经办人, en: officer}}
    words: {incident: {zh: 事件, en: incident}}
    families:
      lead:
        zh: 线索
        en: lead
        stages:
          open: {zh: 待办, en: open}
          merged: {zh: 并入, en: merged}
          done: {zh: 办结, en: done, closes: true}
        acts:
          lead.reported: {zh: 上报, en: reported, found: actor}
          lead.noted: {zh: 记, en: noted, fact: true}
          lead.merged: {zh: 并入, en: merged, from: [open, merged], to: merged, takes: {incident: text}}
          lead.separated: {zh: 脱离, en: separated, from: [merged], to: open}
          lead.closed: {zh: 办结, en: closed, from: [open, merged], to: done}
    """

  @Test func `the last link along the parents counts, whatever the clocks say`() throws {
    let process = try ProcessFileTests.draft(Self.text)
    let office = try Office("east", .district)
    for seed in 0..<60 as Range<UInt64> {
      var numbers = SeededNumbers(seed: seed)
      var lead = SampleCase(seed: seed, process: process)
      var last = try lead.report(by: office)
      var expected: EntityID?
      for _ in 0..<12 {
        // Clocks that jump back and forth, and are at times the same.
        let at = UInt64.random(in: 1...6, using: &numbers)
        switch Int.random(in: 0..<3, using: &numbers) {
        case 0:
          var other = SampleCase(seed: seed ^ numbers.next(), process: process)
          let incident = try other.report(by: office).event.entity
          let body = CanonicalValue.map(["incident": .text(incident.description)])
          last = try lead.write("lead.merged", body, by: office, at: at, on: [last])
          expected = incident
        case 1:
          last = try lead.write("lead.separated", .map([:]), by: office, at: at, on: [last])
          expected = nil
        default:
          last = try lead.write("lead.noted", .map([:]), by: office, at: at, on: [last])
        }
      }
      let inputs = lead.inputs.shuffled(using: &numbers)
      #expect(
        IncidentLink.incident(by: inputs, in: lead.folder.fold(inputs)) == expected, "seed \(seed)")
    }
  }

  @Test func `a link without effect and one that waits count for nothing`() throws {
    let process = try ProcessFileTests.draft(Self.text)
    let office = try Office("east", .district)
    var lead = SampleCase(process: process)
    let root = try lead.report(by: office)
    let body = CanonicalValue.map(["incident": .text(root.event.entity.description)])
    let merged = try lead.write("lead.merged", body, by: office, at: 3, on: [root])
    // Closed apart, and earlier: the merge is superseded.
    try lead.write("lead.closed", .map([:]), by: office, at: 2, on: [root])
    #expect(
      IncidentLink.incident(by: lead.inputs, in: lead.folder.fold(lead.inputs)) == nil)
    // Without its parent the separation is only held.
    let note = try lead.write("lead.noted", .map([:]), by: office, at: 4, on: [merged])
    let parted = try lead.write("lead.separated", .map([:]), by: office, at: 5, on: [note])
    let held = [root, merged, parted]
    #expect(
      IncidentLink.incident(by: held, in: lead.folder.fold(held)) == root.event.entity)
  }
}
