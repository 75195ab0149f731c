import Evidence

extension EvidenceFolder {
  /// Reads every file and compares its content with its name; also tells what does not belong.
  /// Writers may go on meanwhile.
  ///
  /// - Parameter progress: called after each file, with the files and bytes read so far; its error
  ///   ends the work.
  /// - Throws: ``EvidenceError`` where the folder itself cannot be read; what `progress` throws.
  package func verify(
    progress: (_ fileCount: Int, _ byteCount: Int) throws -> Void = { _, _ in }
  ) throws -> EvidenceVerification {
    var result = EvidenceVerification()
    let root = try root()
    for name in try root.names() {
      switch name {
      case Name.incoming: break  // What lies there is swept when the folder is opened.
      case Name.partial:
        for file in try root.folder(name).names() where PartialName(file) == nil {
          result.add(.foreign, "\(name)/\(file)")
        }
      default:
        for file in result.files(of: name, in: root) {
          result.check(file, of: name, in: root)
          try progress(result.fileCount, result.byteCount)
        }
      }
    }
    return result
  }
}

extension EvidenceVerification {
  /// The names of the files in a folder of content; none where that is no such folder.
  fileprivate mutating func files(of name: String, in root: borrowing OpenFolder) -> [String] {
    guard EvidenceName.isFolder(name) else {
      add(.foreign, name)
      return []
    }
    do throws(EvidenceError) {
      return try root.folder(name).names()
    } catch {
      add(error, name)
      return []
    }
  }

  /// Reads one file of a folder of content.
  fileprivate mutating func check(
    _ name: String, of folder: String, in root: borrowing OpenFolder
  ) {
    let path = "\(folder)/\(name)"
    guard let content = EvidenceName(folder: folder, file: name) else {
      add(.foreign, path)
      return
    }
    do throws(EvidenceError) {
      guard let file = try root.folder(folder).file(name, .reading) else { return }
      let found = try file.contentName()
      fileCount += 1
      byteCount += try file.byteCount()
      if found != content { add(.damaged, path) }
    } catch {
      add(error, path)
    }
  }

  private mutating func add(_ error: EvidenceError, _ path: String) {
    add(error.code == .foreign ? .foreign : .unreadable, path)
  }
}
