/// The limits of a node's folder of evidence; all are settings.
package struct EvidenceLimits: Hashable, Sendable {
  /// The largest file, in bytes.
  package var fileBytes = 100 * 1024 * 1024
  /// How many bytes of the disk a new file leaves free: the store's database needs them.
  package var reservedDiskBytes = 64 * 1024 * 1024
  /// The most files that are kept half fetched.
  package var transfers = 1024
  /// The most bytes that the files have together that are kept half fetched, each counted as a whole.
  package var transferBytes = 1024 * 1024 * 1024

  package init() {}

  /// The most bytes that are read or written at a time.
  static let chunkBytes = 256 * 1024
  /// The most findings that a verification lists.
  static let findings = 1000
}
