import Node
import Regions

/// A file that the user names as input: what is wrong with it is bad data, not configuration.
struct InputFile {
  let path: String

  /// The file's text, at most `limit` bytes of UTF-8.
  func text(atMost limit: Int) throws -> String {
    do {
      return try HomeFolder.readText(path, atMost: limit)
    } catch let error as HomeError where error.code != .inputOutput {
      throw CommandFailure(.badData, code: error.code.rawValue, .badInput("\(error)"))
    }
  }

  /// The topology in the file.
  func topology() throws -> Topology {
    try topology(parsing: text(atMost: TopologyFile.maximumBytes))
  }

  /// The topology in the text that was read from the file.
  func topology(parsing text: String) throws -> Topology {
    switch TopologyFile.parse(text) {
    case .topology(let topology): return topology
    case .refused(let findings):
      throw CommandFailure(
        .badData, code: "topology_faults",
        Text(
          zh: lines(of: findings, in: .zh).joined(separator: "\n"),
          en: lines(of: findings, in: .en).joined(separator: "\n")))
    }
  }

  /// One line for each finding: `file:line:column: what is wrong and the cure`.
  func lines(of findings: [TopologyFinding], in language: Language) -> [String] {
    findings.map {
      "\(path):\($0.line):\($0.column): \($0.message(in: language)) \($0.cure(in: language))"
    }
  }
}
