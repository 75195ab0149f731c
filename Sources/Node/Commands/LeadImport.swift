package import Casework
import Foundation
import Intake
package import Regions

/// Carries a lead file into a node, chunk by chunk: reads it in the caller's process, with the
/// caller's rights, and hands the rows to whoever holds the store.
///
/// Each chunk is durable before the next is read, so a run that is cut can be repeated: it adds
/// exactly the rest.
package struct LeadImport: Sendable {
  /// How an import is to be done.
  package struct Plan: Sendable {
    /// The lead file's path.
    package var path: String
    /// A channel's key; `nil` where a mapping tells that of each row.
    package var channel: String?
    /// How the table of an older system tells histories, and the mapping's path for what is said of
    /// it; `nil` for a file of new leads.
    package var mapping: (mapping: HistoryMapping, path: String)?
    /// The region of all rows; `nil` takes each row's own where it is clear.
    package var region: String?
    /// Where rejected rows go; nothing may stand there. `nil` takes a free name beside the lead file
    /// once there is such a row.
    package var rejectsPath: String?
    /// The language of the rejects file's reasons.
    package var language = Language.zh
    /// The most rows of one commit.
    package var chunkRows = LeadImport.usualChunkRows
    package var isDryRun = false

    package init(path: String, channel: String) {
      self.path = path
      self.channel = channel
    }

    package init(path: String, mapping: HistoryMapping, named mappingPath: String) {
      self.path = path
      self.mapping = (mapping, mappingPath)
    }
  }

  /// What came of it; `rows == leads + rejected + duplicate` always.
  package struct Counts: Codable, Hashable, Sendable {
    package var rows = 0
    package var leads = 0
    package var rejected = 0
    package var duplicate = 0
    /// The rejects file, where one was made.
    package var rejectsPath: String?

    package init() {}
  }

  package static let usualChunkRows = 100
  /// The most rows of a chunk: each may take two events of one commit.
  package static let maximumChunkRows = 128
  /// What a chunk's rows may fill of a request, which escapes some characters.
  private static let chunkBytes = ControlRequest.maximumBytes / 3

  private let plan: Plan

  /// - Throws: `CommandError` of exit 65 for a chunk out of range.
  package init(_ plan: Plan) throws {
    guard (1...Self.maximumChunkRows).contains(plan.chunkRows) else {
      throw CommandError.field(
        "--chunk", zh: "应为 1 至 \(Self.maximumChunkRows)",
        en: "must be 1 to \(Self.maximumChunkRows)")
    }
    self.plan = plan
  }

  /// Runs the import.
  ///
  /// - Parameters:
  ///   - submit: has a chunk carried out by ``NodeCommands/importLeads(_:by:)``, here or in the
  ///     running node.
  ///   - progress: is told the counts after each chunk.
  /// - Throws: `IntakeError` for the file as a whole, `HomeError` for the rejects file, and what
  ///   `submit` throws; what was submitted before stays.
  package func run(
    submit: (ImportChunkArguments) async throws -> ImportChunkAnswer,
    progress: (Counts) -> Void
  ) async throws -> Counts {
    var source = try ImportSource(plan)
    let rejects = try RejectsWriter(
      for: plan.path, named: plan.rejectsPath, in: plan.language)
    var counts = Counts()
    var chunk = Chunk()
    var refused: Set<Int> = []
    // Even without a row the node is asked once, so that a region that is none is told.
    var isAsked = false
    while true {
      let row = try source.next()
      switch row {
      case .accepted(let row): chunk.add(row)
      case .rejected(let rejected):
        counts.rejected += 1
        try rejects.write(rejected)
      case nil: break
      }
      if row != nil { counts.rows += 1 }
      let isFull = chunk.rows.count >= plan.chunkRows || chunk.bytes >= Self.chunkBytes
      guard isFull || row == nil else { continue }
      if !chunk.rows.isEmpty || !isAsked {
        isAsked = true
        let answer = try await submit(
          ImportChunkArguments(
            channel: plan.channel, region: plan.region, rows: chunk.rows.map(\.row),
            dryRun: plan.isDryRun))
        try note(answer, of: chunk, in: &counts, &refused, rejects)
        chunk = Chunk()
        progress(counts)
      }
      if row == nil { break }
    }
    try rejects.finish()
    counts.rejectsPath = rejects.path
    return counts
  }

  private struct Chunk {
    var rows: [ImportSource.Accepted] = []
    var bytes = 0

    mutating func add(_ accepted: ImportSource.Accepted) {
      rows.append(accepted)
      bytes += accepted.row.byteEstimate
    }
  }

  /// Counts what became of a chunk's rows.
  ///
  /// - Parameter refused: the lines of rows that the node did not take: a row that repeats one of
  ///   them is no duplicate.
  private func note(
    _ answer: ImportChunkAnswer, of chunk: Chunk, in counts: inout Counts,
    _ refused: inout Set<Int>, _ rejects: RejectsWriter
  ) throws {
    guard answer.outcomes.count == chunk.rows.count,
      answer.refusals.count == answer.outcomes.count(where: { $0 == .refused })
    else {
      throw ControlError(
        .malformedReply,
        "the node answered for \(answer.outcomes.count) rows of "
          + "\(chunk.rows.count); is it of the same version?")
    }
    var refusals = answer.refusals[...]
    for (accepted, outcome) in zip(chunk.rows, answer.outcomes) {
      let refusal = outcome == .refused ? refusals.popFirst() : nil
      // What a dry run adds is nowhere to be found: the file alone tells that a row comes again.
      if plan.isDryRun, accepted.repeatsLine.map({ !refused.contains($0) }) == true {
        counts.duplicate += 1
        continue
      }
      switch outcome {
      case .added:
        counts.leads += 1
        if let repeated = accepted.repeatsLine { refused.remove(repeated) }
      case .duplicate: counts.duplicate += 1
      case .tooLarge, .refused:
        counts.rejected += 1
        refused.insert(accepted.line)
        try rejects.write(accepted.rejected(for: refusal))
      }
    }
  }
}
