import Foundation
import Glibc
import Intake

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
    /// Where rejected rows go; nothing may stand there. `nil` only counts them.
    package var rejectsPath: String?
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
    let rejects = try plan.rejectsPath.map { try RejectsWriter(path: $0) }
    var counts = Counts()
    var chunk = Chunk()
    // Even without a row the node is asked once, so that a region that is none is told.
    var isAsked = false
    while true {
      let row = try rows.next()
      if case .accepted(let line, let lead, _) = row {
        chunk.add(ImportRow(lead), line: line)
      } else if case .rejected(let rejected) = row {
        counts.rejected += 1
        try rejects?.write(rejected)
      }
      counts.rows = rows.counts.rows
      let isFull = chunk.rows.count >= plan.chunkRows || chunk.bytes >= Self.chunkBytes
      guard isFull || row == nil else { continue }
      if !chunk.rows.isEmpty || !isAsked {
        isAsked = true
        let answer = try await submit(
          ImportChunkArguments(
            channel: plan.channel, region: plan.region, rows: chunk.rows, dryRun: plan.isDryRun))
        try note(answer, of: chunk, in: &counts, rejects)
        chunk = Chunk()
        progress(counts)
      }
      if row == nil { break }
    }
    try rejects?.finish()
    return counts
  }

  private struct Chunk {
    var rows: [ImportRow] = []
    var lines: [Int] = []
    var bytes = 0

    mutating func add(_ row: ImportRow, line: Int) {
      rows.append(row)
      lines.append(line)
      bytes += row.byteEstimate
    }
  }

  private func note(
    _ answer: ImportChunkAnswer, of chunk: Chunk, in counts: inout Counts, _ rejects: RejectsWriter?
  ) throws {
    guard answer.outcomes.count == chunk.rows.count else {
      throw ControlError(
        .malformedReply,
        "the node answered for \(answer.outcomes.count) rows of "
          + "\(chunk.rows.count); is it of the same version?")
    }
    for (index, outcome) in answer.outcomes.enumerated() {
      switch outcome {
      case .added: counts.leads += 1
      case .duplicate: counts.duplicate += 1
      case .tooLarge:
        counts.rejected += 1
        try rejects?.write(
          RejectedRow(
            line: chunk.lines[index], code: RejectedRow.Code("row_too_long"),
            reason: "the lead is larger than an event of the ledger may be; shorten it",
            row: String(chunk.rows[index].title.prefix(IntakeBounds.quotedCharacters))))
      }
    }
  }
}

/// Writes a rejects file. It holds personal data, so only its owner may read it.
private final class RejectsWriter {
  private let path: String
  private let descriptor: CInt

  /// - Throws: `HomeError`: already exists; input or output.
  init(path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let failure = HomeSystemFailure("open")
      throw failure.number == EEXIST
        ? HomeError(.alreadyExists, "\(path) already exists and is never overwritten; move it away")
        : HomeError(.inputOutput, "cannot make \(path); check the folder", cause: failure)
    }
    try write(RejectsFile.header)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func write(_ rejected: RejectedRow) throws { try write(RejectsFile.line(for: rejected)) }

  private func write(_ bytes: [UInt8]) throws {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw HomeError(
          .inputOutput, "cannot write \(path); check the disk's free space",
          cause: HomeSystemFailure("write"))
      }
      written += count
    }
  }

  func finish() throws {
    guard fsync(descriptor) == 0 else {
      throw HomeError(
        .inputOutput, "cannot write \(path); check the disk's free space",
        cause: HomeSystemFailure("fsync"))
    }
  }
}
