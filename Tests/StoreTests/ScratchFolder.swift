import Foundation

/// A folder for a test's files, removed with the value.
final class ScratchFolder {
  let path: String
  private var count = 0

  init() throws {
    // Memory where there is some: a test's fsync proves nothing here and costs time.
    let memory = "/dev/shm"
    let base =
      FileManager.default.isWritableFile(atPath: memory)
      ? memory : FileManager.default.temporaryDirectory.path
    path = base + "/liandong-store-tests-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A name in the folder that was not given before.
  func fresh() -> String {
    count += 1
    return "\(path)/\(count)"
  }

  /// A new folder that holds a copy of the file as a node's store.
  func folder(withStore file: String, named name: String) throws -> String {
    let folder = fresh()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: file, toPath: folder + "/" + name)
    return folder
  }
}
