package import Evidence

/// A file that is half fetched.
package struct EvidenceTransferState: Hashable, Sendable {
  package let name: EvidenceName
  /// The whole file's length.
  package let byteCount: Int
  /// How many bytes are here.
  package let receivedBytes: Int

  /// A state with its parts.
  package init(name: EvidenceName, byteCount: Int, receivedBytes: Int) {
    self.name = name
    self.byteCount = byteCount
    self.receivedBytes = receivedBytes
  }
}

extension EvidenceFolder {
  /// Begins to fetch a file by its hash, or goes on where an earlier transfer of the same hash and
  /// length stopped.
  ///
  /// - Throws: ``EvidenceError``: too large, no space, busy (another transfer of it is open), too
  ///   many transfers, foreign, input or output.
  package func transfer(
    of name: EvidenceName, byteCount: Int
  ) throws(EvidenceError) -> EvidenceTransfer {
    precondition(byteCount >= 0, "a file has no negative length")
    let partial = PartialName(name: name, byteCount: byteCount).text
    let folder = try root().folder(Name.partial)
    let known = try folder.file(partial, .reading)?.byteCount()
    try requireRoom(for: byteCount, alreadyThere: min(known ?? 0, byteCount))
    if known == nil {
      let open = try folder.names().compactMap { PartialName($0) }
      let bytes = open.reduce(byteCount) { $0 + min($1.byteCount, limits.transferBytes) }
      guard open.count < limits.transfers, bytes <= limits.transferBytes else {
        throw .tooManyTransfers(limit: limits.transfers)
      }
    }
    // Held and looked at again: the transfer that had it may have made it content just now.
    guard let file = try folder.file(partial, .writingOrMaking), file.hold(),
      folder.isStillNamed(file, partial)
    else { throw .busy(folder.path(of: partial)) }
    return try EvidenceTransfer(
      of: name, byteCount: byteCount, file: file, in: folder, of: self)
  }

  /// The files that are half fetched, in the order of their names.
  ///
  /// - Throws: ``EvidenceError``: foreign, input or output.
  package func transfers() throws(EvidenceError) -> [EvidenceTransferState] {
    let folder = try root().folder(Name.partial)
    var states: [EvidenceTransferState] = []
    for name in try folder.names() {
      guard let partial = PartialName(name), let file = try folder.file(name, .reading) else {
        continue
      }
      states.append(
        EvidenceTransferState(
          name: partial.name, byteCount: partial.byteCount, receivedBytes: try file.byteCount()))
    }
    return states
  }

  /// Removes the half-fetched file that got no bytes for longest, of those that nobody fetches now.
  ///
  /// - Returns: `false` where there is none.
  /// - Throws: ``EvidenceError``: foreign, input or output.
  package func dropOldestTransfer() throws(EvidenceError) -> Bool {
    let folder = try root().folder(Name.partial)
    var candidates: [(modified: Int, name: String)] = []
    for name in try folder.names() where PartialName(name) != nil {
      candidates.append((folder.modifiedNanoseconds(name), name))
    }
    for candidate in candidates.sorted(by: { $0 < $1 }) {
      guard let file = try folder.file(candidate.name, .writing), file.hold() else { continue }
      try folder.remove(candidate.name)
      return true
    }
    return false
  }

  /// Removes what is half fetched of files that came in another way.
  func sweepTransfers(_ folder: borrowing OpenFolder) throws(EvidenceError) {
    for name in try folder.names() {
      guard let partial = PartialName(name), holds(partial.name), folder.holdsFile(name),
        let file = try folder.file(name, .writing), file.hold()
      else { continue }
      try folder.remove(name)
    }
  }
}
