import Evidence

/// What copying evidence files came to.
package struct EvidenceCopy: Codable, Hashable, Sendable {
  /// The files that the copy holds, those that it held before included.
  package fileprivate(set) var files = 0
  package fileprivate(set) var bytes = 0
  /// The files that were not what their names say, and were left out.
  package fileprivate(set) var damaged = 0

  /// Nothing yet.
  package init() {}
}

extension EvidenceFolder {
  /// Copies all content of another folder here: a file that is not here yet becomes a further name of
  /// the same bytes, or a copy where the disks differ. Content never changes in place, so both are as
  /// good. Files may come in there meanwhile.
  ///
  /// - Parameters:
  ///   - isChecked: whether a file is read and compared with its name before it counts here.
  ///   - progress: called before each file; its error ends the work.
  /// - Throws: ``EvidenceError``: no space, foreign, input or output; what `progress` throws.
  package func take(
    from other: EvidenceFolder, isChecked: Bool, progress: () throws -> Void
  ) throws -> EvidenceCopy {
    var result = EvidenceCopy()
    let source = try other.root()
    let target = try root()
    for part in try source.names() where EvidenceName.isFolder(part) {
      let folder = try source.folder(part)
      let copies = try target.makeFolder(part)
      for file in try folder.names() {
        try progress()
        guard let name = EvidenceName(folder: part, file: file),
          let original = try folder.file(file, .reading)
        else { continue }
        if isChecked, try original.contentName() != name {
          result.damaged += 1
          continue
        }
        if !copies.holdsFile(file), try folder.link(file, to: copies) == false {
          try copy(original)
        }
        result.files += 1
        result.bytes += try original.byteCount()
      }
      try copies.synchronise()
    }
    return result
  }

  private func copy(_ original: borrowing OpenFile) throws {
    let byteCount = try original.byteCount()
    var writer = try writer(announcedBytes: byteCount)
    var offset = 0
    while offset < byteCount {
      let chunk = try original.read(at: offset, count: EvidenceLimits.chunkBytes)
      if chunk.isEmpty { break }
      try writer.write(chunk)
      offset += chunk.count
    }
    _ = try writer.finish()
  }
}
