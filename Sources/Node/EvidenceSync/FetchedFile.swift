import Evidence
import Synchronization

/// A file on its way here, held by the task that fetches it. What reads or flushes all of it waits on
/// a thread that may wait.
final class FetchedFile: Sendable {
  private let transfer: Mutex<EvidenceTransfer?>

  private init(_ transfer: consuming EvidenceTransfer) { self.transfer = Mutex(transfer) }

  /// Begins a file, or goes on with what an earlier fetch left of it. Where too much is half fetched,
  /// what rested longest makes room.
  ///
  /// - Throws: `EvidenceError`, as `EvidenceFolder.transfer(of:byteCount:)`.
  static func open(
    _ evidence: NamedEvidence, in folder: EvidenceFolder
  ) async throws -> FetchedFile {
    try await onWaitingThread {
      while true {
        do {
          return FetchedFile(
            try folder.transfer(of: evidence.name, byteCount: evidence.byteCount))
        } catch let error as EvidenceError where error.code == .tooManyTransfers {
          guard try folder.dropOldestTransfer() else { throw error }
        }
      }
    }
  }

  /// How many bytes are here; 0 once it is finished.
  var receivedBytes: Int {
    transfer.withLock { $0?.receivedBytes ?? 0 }
  }

  /// Takes the next bytes.
  ///
  /// - Throws: `EvidenceError`.
  func append(_ bytes: [UInt8]) throws { try transfer.withLock { try $0?.append(bytes) } }

  /// Checks the file against its hash and makes it content.
  ///
  /// - Throws: `EvidenceError`, wrong content for one; nothing is kept of that.
  func finish() async throws {
    try await onWaitingThread { [self] in
      guard let transfer = self.transfer.withLock({ $0.take() }) else { return }
      _ = try transfer.finish()
    }
  }
}
