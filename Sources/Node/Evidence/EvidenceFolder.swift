package import Evidence

/// A node's evidence files (证据文件): photos, videos and documents, each under the hash of its
/// content, each on the disk before it is acknowledged.
///
/// - `ab/cdef...`: content, by ``EvidenceName/relativePath``. Nothing else counts as content, and it
///   appears there in one step, whole and synchronised.
/// - `incoming/`: files whose hash is not known yet. What a crash left is removed on opening.
/// - `partial/`: files that are being fetched, `<hash>.<length>`; they outlive a crash.
///
/// Folders have mode 0700 and files 0600. No symbolic link is followed from the folder itself on; one
/// that is to lie on another disk is mounted. Calls wait for the disk, so they belong on a thread
/// that may wait. Any number of writers and readers may be at work, of several processes too.
package struct EvidenceFolder: Sendable {
  /// The folder's path.
  package let path: String
  /// What it takes.
  package let limits: EvidenceLimits

  /// The names within the folder that are not those of content.
  enum Name {
    static let incoming = "incoming"
    static let partial = "partial"
  }

  /// Opens the folder of a node, which is made if need be, and clears away what crashes left.
  ///
  /// - Throws: ``EvidenceError``: foreign, no space, input or output.
  package static func open(
    in home: HomeLayout, limits: EvidenceLimits = EvidenceLimits()
  ) throws(EvidenceError) -> EvidenceFolder {
    try open(HomeLayout.File.evidence, in: home.path, limits: limits)
  }

  /// Opens a folder of that name, which is made if need be, in the folder at a path.
  ///
  /// - Throws: ``EvidenceError``: foreign, no space, input or output.
  static func open(
    _ name: String, in parent: String, limits: EvidenceLimits = EvidenceLimits()
  ) throws(EvidenceError) -> EvidenceFolder {
    // Where the parent lies is the operator's choice.
    let parent = try OpenFolder(path: parent, mayBeLink: true)
    let folder = EvidenceFolder(path: parent.path(of: name), limits: limits)
    let root = try parent.makeFolder(name)
    try IncomingFile.sweep(try root.makeFolder(Name.incoming))
    try folder.sweepTransfers(try root.makeFolder(Name.partial))
    return folder
  }

  /// Begins to take in a file whose hash is not known yet.
  ///
  /// - Parameter announcedBytes: its length, where the sender told it. Without it, the disk must have
  ///   room for the largest file.
  /// - Throws: ``EvidenceError``: too large, no space, foreign, input or output.
  package func writer(announcedBytes: Int? = nil) throws(EvidenceError) -> EvidenceWriter {
    try requireRoom(for: announcedBytes ?? limits.fileBytes)
    return EvidenceWriter(
      folder: self, announcedBytes: announcedBytes,
      file: try IncomingFile(in: try root().folder(Name.incoming)))
  }

  /// Opens a file to be read.
  ///
  /// - Throws: ``EvidenceError``: not found, foreign, input or output.
  package func reader(of name: EvidenceName, from offset: Int = 0) throws(EvidenceError)
    -> EvidenceReader
  {
    guard holds(name), let file = try root().folder(name.folder).file(name.file, .reading) else {
      throw .notFound(name)
    }
    return try EvidenceReader(name: name, file: file, offset: offset)
  }

  /// Whether the file is held. It is not read: ``verify(progress:)`` tells whether it is sound.
  package func holds(_ name: EvidenceName) -> Bool {
    (try? root().folder(name.folder).holdsFile(name.file)) ?? false
  }

  func root() throws(EvidenceError) -> OpenFolder { try OpenFolder(path: path) }

  /// Checks a length against the limit and the disk.
  func requireRoom(for byteCount: Int, alreadyThere: Int = 0) throws(EvidenceError) {
    precondition(byteCount >= alreadyThere, "a file has no fewer bytes than a part of it")
    guard byteCount <= limits.fileBytes else { throw .tooLarge(limit: limits.fileBytes) }
    let free = try root().freeBytes()
    let needed = byteCount - alreadyThere + limits.reservedDiskBytes
    guard free >= needed else { throw .noSpace(path, needed: needed, free: free) }
  }

  /// Makes a file content, with everything on the disk. A file of that name is replaced: it has the
  /// same bytes, or was damaged.
  ///
  /// - Returns: whether the content was held before.
  func keep(
    _ file: borrowing OpenFile, called temporary: String, in source: borrowing OpenFolder,
    as name: EvidenceName
  ) throws(EvidenceError) -> Bool {
    try file.synchronise()
    let target = try root().makeFolder(name.folder)
    let wasHeld = target.holdsFile(name.file)
    try source.move(temporary, to: target, as: name.file)
    try target.synchronise()
    return wasHeld
  }
}

/// A file that is held from now on, on the disk.
package struct EvidenceReceipt: Hashable, Sendable {
  package let name: EvidenceName
  package let byteCount: Int
  /// Whether the same content was held before.
  package let wasHeld: Bool

  /// A receipt with its parts.
  package init(name: EvidenceName, byteCount: Int, wasHeld: Bool) {
    self.name = name
    self.byteCount = byteCount
    self.wasHeld = wasHeld
  }
}
