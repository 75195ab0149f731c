import Ledger
import Regions

/// The reader of process files (流程文件): YAML text in, a checked ``ProcessDraft`` or every finding
/// out. The layout is explained at the top of `topology/process.yaml`.
package enum ProcessFile {
  /// What reading a file comes to.
  package enum Outcome: Sendable {
    case draft(ProcessDraft)
    /// What is wrong, in the order of the file; at least one finding.
    case refused([FileFinding])
  }

  /// The most bytes of an encoded process: it travels as one event's body.
  package static let maximumBytes = 60_000

  /// Reads the text of a process file and checks that the process can be worked by.
  ///
  /// - Parameter year: the current year, of which the tables of holidays must tell if anything is
  ///   counted in working days; `nil` where that is not asked.
  package static func parse(_ text: String, in year: Int? = nil) -> Outcome {
    switch YAMLDocument.read(text) {
    case .refused(let findings): return .refused(findings.map { FileFinding($0) })
    case .value(let root):
      var reader = ProcessReader()
      let sketch = reader.read(root)
      var findings = reader.findings
      if findings.isEmpty { findings = ProcessCheck(sketch, in: year).findings() }
      guard findings.isEmpty else { return .refused(Set(findings).sorted()) }
      return assemble(sketch)
    }
  }

  private static func assemble(_ sketch: ProcessSketch) -> Outcome {
    func refused(_ code: String, _ chinese: String, _ english: String) -> Outcome {
      .refused([
        FileFinding(line: 1, column: 1, code: code, chinese: chinese, english: english)
      ])
    }
    do throws(ProcessError) {
      let process = try Process(
        families: sketch.families.map(\.family), movers: sketch.movers, roles: sketch.roles)
      let size = process.encoded.count
      guard size <= maximumBytes else {
        return refused(
          "too_large", "流程编码后为 \(size) 字节,超过 \(maximumBytes) 字节;请缩短名称或减少环节",
          "the process has \(size) bytes, more than \(maximumBytes); shorten names or drop stages")
      }
      return .draft(ProcessDraft(process: process, years: sketch.years))
    } catch {
      // The checks before this one name the line; what they miss is told without one.
      return refused(error.code.word, "\(error)", "\(error)")
    }
  }
}

/// What a process file says.
package struct ProcessDraft: Sendable {
  package let process: Process
  /// The tables of holidays that the file names; those of other years stay as they are.
  package let years: [WorkingCalendar.Year]
}
