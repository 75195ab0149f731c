import Regions

/// The reader of duty lists (职责清单文件): YAML text in, a checked ``DutyList`` or every finding out.
/// The layout is explained at the top of `topology/duties.yaml`.
package enum DutyFile {
  /// What reading a file comes to.
  package enum Outcome: Sendable {
    case list(DutyList)
    /// What is wrong, in the order of the file; at least one finding.
    case refused([FileFinding])
  }

  /// The most bytes of an encoded list: it travels as one event's body.
  package static let maximumBytes = 60_000

  /// Reads the text of a duty list and checks that all it names is there.
  package static func parse(_ text: String) -> Outcome {
    switch YAMLDocument.read(text) {
    case .refused(let findings): return .refused(findings.map { FileFinding($0) })
    case .value(let root):
      var reader = DutyReader()
      let list = reader.read(root)
      let findings = reader.findings(in: list)
      guard findings.isEmpty else { return .refused(Set(findings).sorted()) }
      let size = list.encoded.count
      guard size <= maximumBytes else {
        return .refused([
          FileFinding(
            line: 1, column: 1, code: "too_large",
            chinese: "职责清单编码后为 \(size) 字节,超过 \(maximumBytes) 字节;请合并职责或缩短名称",
            english: "the list has \(size) bytes, more than \(maximumBytes); merge rows or shorten "
              + "names")
        ])
      }
      return .list(list)
    }
  }
}
