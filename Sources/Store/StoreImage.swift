package import Casework
import GRDB
package import Ledger

/// A copy of a store in memory, as it was at one instant: what a simulated office calls its backup.
package final class StoreImage: Sendable {
  fileprivate let database: DatabaseQueue

  fileprivate init(_ database: DatabaseQueue) { self.database = database }
}

extension Store {
  /// Copies the store, as it is between two transactions, into memory.
  package func image() throws -> StoreImage {
    let target = try DatabaseQueue()
    try copy(to: target)
    return StoreImage(target)
  }

  /// Opens a store in memory on a copy of an image; the image stays as it is.
  package static func inMemory(
    copying image: StoreImage, library: ProcessLibrary, judge: any KeyJudge,
    signer: CommitSigner?, bounds: StoreBounds = StoreBounds()
  ) throws -> Store {
    let database = try DatabaseQueue()
    try image.database.backup(to: database)
    return try Store(
      inMemory: database, library: library, judge: judge, signer: signer, bounds: bounds)
  }

  /// Lets a store in memory grow by so many pages and no further, as a full disk would; `nil` lifts
  /// the limit. Transactions that need more fail with `StoreError` of code disk_full.
  package func limitGrowth(toPages pages: Int?) throws {
    try configure { database in
      let count = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
      let limit = pages.map { count + $0 } ?? Int(Int32.max) - 1
      try database.execute(sql: "PRAGMA max_page_count = \(limit)")
    }
  }
}
