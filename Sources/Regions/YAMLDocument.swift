import Yams

/// A YAML text that is safe to look at: of bounded size and depth, with no anchor, alias, explicit
/// key or key twice in one mapping, each value with its place in the file.
package enum YAMLDocument {
  package enum Outcome: Sendable {
    /// The value of the only document; `nil` for a text without one.
    case value(YAMLValue?)
    /// What is wrong, in the order of the file; at least one finding.
    case refused([TopologyFinding])
  }

  /// Reads a text of at most `TopologyFile.maximumBytes`.
  package static func read(_ text: String) -> Outcome {
    switch TopologySource.compose(text) {
    case .refused(let findings): .refused(findings)
    case .document(let root, let source): .value(root.map { YAMLValue($0, of: source) })
    }
  }
}

/// A value of a YAML text.
package struct YAMLValue: Sendable {
  package indirect enum Content: Sendable {
    /// A scalar as it is written; nothing is guessed to be a number or a date.
    case text(String)
    case list([YAMLValue])
    /// In the order of the file.
    case map([Entry])
  }

  /// A key of a mapping and its value.
  package struct Entry: Sendable {
    package let key: String
    package let line: Int
    package let column: Int
    package let value: YAMLValue
  }

  package let content: Content
  /// From 1.
  package let line: Int
  /// From 1, counted in Unicode scalars.
  package let column: Int

  /// The walk goes no deeper than the document's checks allow.
  fileprivate init(_ node: Node, of source: TopologySource) {
    let position = FilePosition(node.mark)
    (line, column) = (position.line, position.column)
    switch node {
    case .scalar(let scalar): content = .text(source.restored(scalar.string))
    case .sequence(let sequence): content = .list(sequence.map { YAMLValue($0, of: source) })
    case .mapping(let mapping):
      content = .map(
        mapping.map { key, value in
          let position = FilePosition(key.mark)
          return Entry(
            key: key.scalar.map { source.restored($0.string) } ?? "", line: position.line,
            column: position.column, value: YAMLValue(value, of: source))
        })
    case .alias: content = .text("")
    }
  }
}
