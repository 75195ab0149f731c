import Foundation

/// Cities under the shipped process, and files for it.
extension City {
  /// The hub publishes the shipped process.
  ///
  /// - Parameter node: returns when it is there; the nodes on the way run.
  func applyProcess(upTo node: CityNode) async throws {
    let process = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "topology/process.yaml").path
    try hub.good("process", "apply", process)
    try await eventually("the process is at \(node.region)") {
      try !node.good("process", "list").isEmpty
    }
  }

  /// Writes a picture of that length, the same for every call.
  ///
  /// - Returns: its path.
  func picture(_ byteCount: Int, _ name: String) throws -> String {
    let pixel: [UInt8] = [
      0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0,
      0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3A, 0x7E, 0x9B, 0x55,
    ]
    var chance = SeededChance()
    var content = Data(pixel)
    while content.count < byteCount {
      withUnsafeBytes(of: chance.next()) { content.append(contentsOf: $0) }
    }
    let path = scratch.path(name)
    try content.prefix(byteCount).write(to: URL(filePath: path))
    return path
  }
}
