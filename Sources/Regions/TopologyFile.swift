/// The reader of topology files: YAML text in, a checked ``Topology`` or every finding out.
///
/// The layout is explained at the top of the files under `topology/`. Anchors, aliases and explicit
/// keys (`?`) are not read, so no file can unfold into more than its text.
package enum TopologyFile {
  /// The largest file that is read, in bytes.
  package static let maximumBytes = 1_048_576
  /// The deepest nesting that is read; the layout itself needs six levels.
  package static let maximumDepth = 16

  /// What reading a file comes to.
  package enum ParseOutcome: Hashable, Sendable {
    /// The file is good.
    case topology(Topology)
    /// What is wrong, in the order of the file; at least one finding.
    case refused([TopologyFinding])
  }

  /// Reads the text of a topology file.
  ///
  /// All findings are reported, in the order of the file. Only a fault of the text itself (its size,
  /// a character, YAML syntax, a key twice in one mapping, an anchor, the depth) ends the reading
  /// before the regions are looked at: nobody can tell what the rest means.
  package static func parse(_ text: String) -> ParseOutcome {
    switch TopologySource.compose(text) {
    case .refused(let findings): return .refused(findings)
    case .document(let root, let source):
      var reader = TopologyReader(source: source)
      let draft = reader.read(root)
      let findings = Set(reader.findings + TopologyCheck(draft).findings())
      return findings.isEmpty ? assemble(draft) : .refused(findings.sorted())
    }
  }

  /// The topology of a draft without findings.
  static func assemble(_ draft: TopologyDraft) -> ParseOutcome {
    guard let deployment = draft.deployment else {
      return .refused([
        TopologyFinding(line: 1, column: 1, code: .missingKey, subject: "deployment")
      ])
    }
    do throws(LinkTreeError) {
      let regions = draft.regions.compactMap(\.region)
      return .topology(try Topology(deployment: deployment, regions: regions))
    } catch {
      let position = draft.regionsPosition ?? .start
      return .refused([
        TopologyFinding(
          line: position.line, column: position.column,
          code: .treeRefused, subject: error.region?.rawValue ?? "", detail: error.description)
      ])
    }
  }
}
