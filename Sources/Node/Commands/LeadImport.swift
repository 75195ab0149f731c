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
    /// A channel's key.
    package var channel: String
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
    var rows = try LeadRows(path: plan.path, channel: ChannelKey(plan.channel))
    let rejects = try RejectsWriter(
      for: plan.path, named: plan.rejectsPath, in: plan.language)
    var counts = Counts()
    var chunk = Chunk()
    var tooLarge: Set<Int> = []
    // Even without a row the node is asked once, so that a region that is none is told.
    var isAsked = false
    while true {
      let row = try rows.next()
      if case .accepted(let line, let lead, let repeatsLine) = row {
        chunk.add(ImportRow(lead), line: line, repeats: repeatsLine)
      } else if case .rejected(let rejected) = row {
        counts.rejected += 1
        try rejects.write(rejected)
      }
      counts.rows = rows.counts.rows
      let isFull = chunk.rows.count >= plan.chunkRows || chunk.bytes >= Self.chunkBytes
      guard isFull || row == nil else { continue }
      if !chunk.rows.isEmpty || !isAsked {
        isAsked = true
        let answer = try await submit(
          ImportChunkArguments(
            channel: plan.channel, region: plan.region, rows: chunk.rows, dryRun: plan.isDryRun))
        try note(answer, of: chunk, in: &counts, &tooLarge, rejects)
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
    var rows: [ImportRow] = []
    var lines: [(own: Int, repeated: Int?)] = []
    var bytes = 0

    mutating func add(_ row: ImportRow, line: Int, repeats repeated: Int?) {
      rows.append(row)
      lines.append((line, repeated))
      bytes += row.byteEstimate
    }
  }

  /// Counts what became of a chunk's rows.
  ///
  /// - Parameter tooLarge: the lines of rows that were rejected as such: a row that repeats one of
  ///   them is no duplicate.
  private func note(
    _ answer: ImportChunkAnswer, of chunk: Chunk, in counts: inout Counts,
    _ tooLarge: inout Set<Int>, _ rejects: RejectsWriter
  ) throws {
    guard answer.outcomes.count == chunk.rows.count else {
      throw ControlError(
        .malformedReply,
        "the node answered for \(answer.outcomes.count) rows of "
          + "\(chunk.rows.count); is it of the same version?")
    }
    for (index, outcome) in answer.outcomes.enumerated() {
      let line = chunk.lines[index]
      switch outcome {
      // What a dry run adds is nowhere to be found: the file alone tells that a row comes again.
      case .added where plan.isDryRun && line.repeated.map { !tooLarge.contains($0) } == true:
        counts.duplicate += 1
      case .added:
        counts.leads += 1
        if let repeated = line.repeated { tooLarge.remove(repeated) }
      case .duplicate: counts.duplicate += 1
      case .tooLarge:
        counts.rejected += 1
        tooLarge.insert(line.own)
        try rejects.write(
          RejectedRow(
            line: line.own, code: RejectedRow.Code("row_too_long"),
            reason: IntakeText(
              zh: "超过台账单个事件的限度;请缩短",
              en: "the lead is larger than an event of the ledger may be; shorten it"),
            row: String(chunk.rows[index].title.prefix(IntakeBounds.quotedCharacters))))
      }
    }
  }
}
