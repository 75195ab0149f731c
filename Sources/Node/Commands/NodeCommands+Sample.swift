import Casework
import Ledger
import Regions
import Store

/// A lead that was drawn for verification (核查抽样): schema `liandong.sampled_lead/1`.
package struct SampledLeadAnswer: Codable, Hashable, Sendable {
  package let schema: String
  package let id: String
  package let number: String?
  package let title: String?
  package let stage: String?
  package let closedAt: String?
  /// The region that the lead is about, by which the sample is stratified.
  package let stratum: String
  /// How many leads the stratum has.
  package let stratumSize: Int
  /// Whether a note of the draw was written now; `false` also where it stood already.
  package let recorded: Bool
}

extension NodeCommands {
  private static let sampledKind = "lead.sampled"
  /// The most leads that may be drawn at once.
  private static let largestSample = 1_000
  /// The longest seed, in bytes.
  private static let longestSeed = 200
  private static let week: Int64 = 7 * 86_400_000
  /// How long before its close a lead may have been reported, to be found: the total term of 60 days,
  /// its extension, and what stands still.
  private static let longestHandling: Int64 = 400 * 86_400_000

  /// Draws leads that were closed in a time, stratified by region (每周组织核查).
  ///
  /// - Throws: `CommandError` of exit 65 for a size, seed or time out of range, of exit 77 where a note
  ///   of the draw is not the person's to write.
  package func drawSample(
    _ arguments: SampleArguments, by person: ActingPerson
  ) async throws -> [SampledLeadAnswer] {
    guard (1...Self.largestSample).contains(arguments.size) else {
      throw CommandError.field(
        "--size", zh: "应为 1 至 \(Self.largestSample)", en: "must be 1 to \(Self.largestSample)")
    }
    guard (1...Self.longestSeed).contains(arguments.seed.utf8.count) else {
      throw CommandError.field(
        "--seed", zh: "应为 1 至 \(Self.longestSeed) 字节的文字",
        en: "must be a text of 1 to \(Self.longestSeed) bytes")
    }
    let until =
      try time(arguments.until, field: "--until") ?? Int64(clamping: core.wallMilliseconds())
    let from = try time(arguments.from, field: "--from") ?? until - Self.week
    let range = try Self.range(from, until)
    let closed = try closedLeads(in: range)
    let sample = StratifiedSample(
      of: arguments.size, from: closed.mapValues { Array($0.keys) }, seed: arguments.seed)
    var answers: [SampledLeadAnswer] = []
    for drawn in sample.drawn {
      guard let stratum = closed[drawn.stratum], let lead = stratum[drawn.id] else { continue }
      var isRecorded = false
      if arguments.record {
        isRecorded = try await record(drawn, of: arguments.seed, range, by: person)
      }
      answers.append(
        SampledLeadAnswer(
          schema: "liandong.sampled_lead/1", id: drawn.id.description, number: lead.number,
          title: lead.title, stage: lead.header.stage,
          closedAt: lead.header.stageSinceMilliseconds.map { CommandTime.text($0) },
          stratum: drawn.stratum, stratumSize: stratum.count,
          recorded: isRecorded))
    }
    return answers
  }

  /// The leads closed in a time, by stratum.
  ///
  /// - Throws: `CommandError` of exit 65 where they are more than can be read.
  private func closedLeads(
    in range: Range<Int64>
  ) throws -> [String: [EntityID: Lead]] {
    let closing = closingStages()
    let reported = (range.lowerBound - Self.longestHandling)..<range.upperBound
    return try core.store.read { reader in
      var rows: [(id: EntityID, region: String)] = []
      try reader.forEachLead(reportedIn: reported) { id, region, stage in
        if closing.contains(stage) { rows.append((id, region)) }
        return rows.count <= Self.countedLeads
      }
      guard rows.count <= Self.countedLeads else { throw Self.tooManyLeads(field: "--from") }
      var leads: [String: [EntityID: Lead]] = [:]
      for row in rows {
        guard let lead = try reader.entity(row.id)?.state.flatMap({ Lead($0) }),
          let since = lead.header.stageSinceMilliseconds, range.contains(Int64(clamping: since))
        else { continue }
        leads[row.region, default: [:]][row.id] = lead
      }
      return leads
    }
  }

  /// Writes the note of a draw, unless it stands already.
  private func record(
    _ drawn: StratifiedSample.Drawn, of seed: String, _ range: Range<Int64>,
    by person: ActingPerson
  ) async throws -> Bool {
    let body = CanonicalValue.map([
      "seed": .text(seed), "from": .integer(range.lowerBound), "until": .integer(range.upperBound),
      "stratum": .text(drawn.stratum),
    ])
    let act = Act(kind: Self.sampledKind, body: body)
    return try await core.writer.write { [self] transaction in
      let stands = try transaction.reader.timeline(of: drawn.id).contains {
        $0.event.kind == Self.sampledKind
          && (try? CanonicalValue(decoding: $0.event.body))?["seed"]?.text == seed
      }
      guard !stands else { return false }
      _ = try write(act, on: drawn.id, by: person, lane: .bulk, in: transaction)
      return true
    }
  }
}
