import Regions

/// The reader of mappings for histories (历史数据映射文件): YAML text in, a ``HistoryMapping`` or every
/// finding out. The layout is explained at the top of `topology/history.yaml`.
package enum HistoryMappingFile {
  /// What reading a file comes to.
  package enum Outcome: Sendable {
    case mapping(HistoryMapping)
    /// What is wrong, in the order of the file; at least one finding.
    case refused([FileFinding])
  }

  /// Reads the text of a mapping. Whether a process has its stages and acts is another question:
  /// see ``HistoryMapping/findings(under:)``.
  package static func parse(_ text: String) -> Outcome {
    switch YAMLDocument.read(text) {
    case .refused(let findings): return .refused(findings.map { FileFinding($0) })
    case .value(let root):
      var reader = HistoryMappingReader()
      guard let mapping = reader.read(root), reader.findings.isEmpty else {
        return .refused(Set(reader.findings).sorted())
      }
      return .mapping(mapping)
    }
  }
}
