import Casework
import Crypto
import Evidence
import Ledger
import Store

extension CustodyExport {
  /// Adds each evidence file of the lead that is held, once.
  ///
  /// - Returns: the lines of the index, one for each event that adds evidence.
  /// - Throws: `CommandError` for a file that is not what its name says.
  func addEvidence(
    _ writer: inout CustodyWriter
  ) throws -> (lines: [String], held: Int, absent: Int) {
    var lines: [String] = []
    var isHeld: [EvidenceName: Bool] = [:]
    for told in told.story.entries where told.entry.event.kind == Process.evidenceKind(of: "lead") {
      let event = told.entry.event
      let body = try? CanonicalValue(decoding: event.body)
      guard let name = body?["file"]?.text.flatMap({ EvidenceName($0) }) else {
        lines.append("evidence - none \(event.hash)")
        continue
      }
      if isHeld[name] == nil {
        isHeld[name] = folder.holds(name)
        if folder.holds(name) { try add(name, &writer) }
      }
      lines.append("evidence \(name) \(isHeld[name] == true ? "held" : "absent") \(event.hash)")
    }
    let held = isHeld.values.count { $0 }
    return (lines, held, isHeld.count - held)
  }

  private func add(_ name: EvidenceName, _ writer: inout CustodyWriter) throws {
    var reader = try folder.reader(of: name)
    let digest = try writer.add("evidence/\(name)", byteCount: reader.byteCount) {
      try cancellation.check()
      return try reader.next()
    }
    guard let digest, EvidenceName(digest) == name else {
      throw NodeCommands.damaged(name.description)
    }
  }
}
