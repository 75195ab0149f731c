import Casework
import Foundation
import Ledger
import Regions
import Store

/// A lead that may be about the same thing as another: schema `liandong.lead_duplicate/1`.
package struct DuplicateAnswer: Codable, Hashable, Sendable {
  package let schema: String
  package let id: String
  package let number: String?
  package let title: String?
  package let stage: String?
  package let reportedAt: String?
  /// From 0 to 100, as ``Casework/Likeness`` says.
  package let score: Int
  /// The share of the text, in hundredths.
  package let text: Int
  package let sameRespondent: Bool
  package let samePlace: Bool
  package let distanceMetres: Int?
  package let daysApart: Int
  package let sharesType: Bool?
  /// The incident that it is linked to.
  package let incident: String?
}

extension NodeCommands {
  /// The score from which on leads are listed.
  private static let usualLeast = 22
  /// The most leads that one trace leads to; a commoner pair of characters tells nothing.
  private static let commonestTrace = 1_000
  /// The most candidates that are compared.
  private static let comparedLeads = 200
  /// The most leads filed in one transaction.
  private static let filedAtOnce = 2_000

  /// Proposes leads that may be about the same thing (查重), the likeliest first. Candidates are found
  /// under the traces of the lead, so that the cost does not follow the number of leads.
  ///
  /// - Throws: `CommandError` of exit 65 for a limit or a score out of range.
  package func listDuplicates(
    _ arguments: LeadDuplicatesArguments
  ) async throws -> [DuplicateAnswer] {
    let least = arguments.least ?? Self.usualLeast
    guard (1...100).contains(least) else {
      throw CommandError.field("--least", zh: "应为 1 至 100", en: "must be 1 to 100")
    }
    let limit = try limit(arguments.limit)
    while try await core.writer.write({ try $0.fileLeads(atMost: Self.filedAtOnce) })
      == Self.filedAtOnce
    {}
    return try core.store.read { reader in
      let entity = try lead(arguments.lead, in: reader)
      guard let lead = Lead(try foldedState(of: entity)) else {
        preconditionFailure("a lead was found")
      }
      var traces = try TraceWeights(reader, commonest: Self.commonestTrace)
      let sketch = Likeness.Sketch(lead)
      var answers: [DuplicateAnswer] = []
      for row in try traces.candidates(for: lead, atMost: Self.comparedLeads) {
        guard let other = try reader.lead(atRow: row), other.id != entity.id,
          let state = other.state, let view = Lead(state)
        else { continue }
        let titles = LeadTraces.titlePairs(of: lead).union(LeadTraces.titlePairs(of: view))
        let weights = try traces.weights(of: titles)
        let likeness = Likeness(sketch, Likeness.Sketch(view)) { weights[$0] ?? 0 }
        guard likeness.score >= least else { continue }
        answers.append(try answer(other.id, view, likeness, in: reader))
      }
      return Array(answers.sorted { ($1.score, $0.id) < ($0.score, $1.id) }.prefix(limit))
    }
  }

  private func answer(
    _ id: EntityID, _ lead: Lead, _ likeness: Likeness, in reader: StoreReader
  ) throws -> DuplicateAnswer {
    DuplicateAnswer(
      schema: "liandong.lead_duplicate/1", id: id.description, number: lead.number,
      title: lead.title, stage: lead.header.stage,
      reportedAt: lead.reportedAtMilliseconds.map { CommandTime.text($0) },
      score: likeness.score, text: likeness.textHundredths,
      sameRespondent: likeness.isSameRespondent, samePlace: likeness.isSamePlace,
      distanceMetres: likeness.distanceMetres, daysApart: likeness.daysApart,
      sharesType: likeness.sharesType, incident: try reader.incident(of: id)?.description)
  }
}

/// How much traces tell by how many leads are filed under each: the rarer the more, and nothing from a
/// bound on. For one lookup in one state of the store.
private struct TraceWeights {
  /// The fewest leads that rarity is told by, so that among few leads what two share still tells.
  private static let fewestLeads = 100

  private let reader: StoreReader
  private let commonest: Int
  private let scale: Int
  private var rows: [Int64: [Int64]] = [:]

  init(_ reader: StoreReader, commonest: Int) throws {
    self.reader = reader
    self.commonest = commonest
    scale = max(try reader.leadCount(upTo: commonest), Self.fewestLeads)
  }

  private mutating func rows(under trace: Int64) throws -> [Int64] {
    if let known = rows[trace] { return known }
    let found = try reader.leadRows(filedUnder: trace, most: commonest)
    rows[trace] = found
    return found
  }

  mutating func weight(of trace: Int64) throws -> Double {
    log(Double(scale + 1) / Double(min(try rows(under: trace).count, scale) + 1))
  }

  /// The weights of all pairs of a set.
  mutating func weights(of pairs: Set<Int64>) throws -> [Int64: Double] {
    var weights: [Int64: Double] = [:]
    for pair in pairs { weights[pair] = try weight(of: pair) }
    return weights
  }

  /// The rows of the leads that share the most with a lead, by the weight of what they share.
  mutating func candidates(for lead: Lead, atMost most: Int) throws -> [Int64] {
    var weights: [Int64: Double] = [:]
    let traces = LeadTraces.titlePairs(of: lead).union(LeadTraces.named(lead))
      .union(lead.location.map { LeadTraces.squares(around: $0) } ?? [])
    for trace in traces.sorted() {
      let weight = try weight(of: trace)
      guard weight > 0 else { continue }
      for row in try rows(under: trace) { weights[row, default: 0] += weight }
    }
    return weights.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(most).map(\.key)
  }
}
