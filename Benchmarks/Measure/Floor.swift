import Foundation

/// The floor: what bare SQLite takes to write the same rows into three files (Floor/floor.c).
struct Floor {
  let program: String
  let folder: String
  /// Rows of each file.
  let rows: Int

  private struct Answer: Decodable {
    let seconds: Double
  }

  /// One run; its files are removed.
  func seconds() throws -> Double {
    let place = folder + "/floor"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: place) }
    let process = Foundation.Process()
    let output = Pipe()
    process.executableURL = URL(filePath: program)
    process.arguments = [place, String(rows)]
    process.standardOutput = output
    try process.run()
    RunningChildren.shared.add(process.processIdentifier)
    defer { RunningChildren.shared.remove(process.processIdentifier) }
    // The program writes one line at its end, so reading to the end waits for it.
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw BenchError("\(program) ended with \(process.terminationStatus)")
    }
    return try JSONDecoder().decode(Answer.self, from: data).seconds
  }
}
