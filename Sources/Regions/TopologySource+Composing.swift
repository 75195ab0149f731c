import Yams

extension TopologySource {
  /// What composing a text comes to.
  enum Composed {
    /// The only document, if there is one, and the text that it was composed from.
    case document(Node?, TopologySource)
    /// What is wrong with the text itself, in its order.
    case refused([TopologyFinding])
  }

  /// Composes a text, unless its size, a character, its syntax, an anchor or its depth forbids it.
  static func compose(_ text: String) -> Composed {
    let source = TopologySource(text)
    if !source.findings.isEmpty { return .refused(source.findings.sorted()) }
    do {
      // Named, because the default encoding would be looked up in the environment.
      let root = try Parser(yaml: source.masked, encoding: .utf8).singleRoot()
      let shape = source.shapeFindings(of: root)
      return shape.isEmpty ? .document(root, source) : .refused(shape.sorted())
    } catch {
      return .refused(source.findings(for: error).sorted())
    }
  }

  /// The findings that an error of the YAML parser comes to.
  func findings(for error: any Error) -> [TopologyFinding] {
    var position = FilePosition.start
    var problem = "\(error)"
    switch error as? YamlError {
    case .scanner(let context, let text, let mark, _), .parser(let context, let text, let mark, _),
      .composer(let context, let text, let mark, _):
      position = FilePosition(mark)
      problem = context.map { "\($0.text): \(text)" } ?? text
    case .duplicatedKeysInMapping(let keys, let context):
      return [
        finding(
          .duplicateKey, at: FilePosition(context.mark),
          subject: keys.map(restored).joined(separator: ", "))
      ]
    case .reader(let text, _, _, _): problem = text
    default: break
    }
    // A masked anchor is none to the parser, so it may be what upset it.
    return [finding(.yamlSyntax, at: position, subject: problem)]
      + anchorPositions.filter { $0.line <= position.line }
      .map { finding(.anchorNotAllowed, at: $0) }
  }

  /// The anchors, aliases and excessive nesting of a composed text. The walk keeps its own stack.
  func shapeFindings(of root: Node?) -> [TopologyFinding] {
    var found: [TopologyFinding] = []
    var waiting = root.map { [(node: $0, depth: 1)] } ?? []
    while let (node, depth) = waiting.popLast() {
      if depth > TopologyFile.maximumDepth {
        found.append(
          finding(
            .tooDeep, at: FilePosition(node.mark), detail: String(TopologyFile.maximumDepth)))
        continue
      }
      switch node {
      case .scalar(let scalar):
        if beginsWithAnchor(scalar) {
          found.append(
            finding(
              .anchorNotAllowed, at: FilePosition(node.mark), subject: restored(scalar.string)))
        }
      case .sequence(let sequence):
        waiting.append(contentsOf: sequence.map { ($0, depth + 1) })
      case .mapping(let mapping):
        for (key, value) in mapping {
          waiting.append((key, depth + 1))
          waiting.append((value, depth + 1))
        }
      case .alias:
        found.append(finding(.anchorNotAllowed, at: FilePosition(node.mark)))
      }
    }
    return found
  }

  private func beginsWithAnchor(_ scalar: Node.Scalar) -> Bool {
    guard scalar.style == .plain, let first = scalar.string.unicodeScalars.first else {
      return false
    }
    return first == Self.masks["&"] || first == Self.masks["*"]
  }

  /// The text of a scalar as the file has it.
  func restored(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { Self.unmasks[$0] != nil }) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { Self.unmasks[$0] ?? $0 }))
  }

  /// A finding at a place of this text.
  func finding(
    _ code: TopologyFinding.Code, at position: FilePosition, subject: String = "",
    detail: String = ""
  ) -> TopologyFinding {
    TopologyFinding(
      line: position.line, column: position.column, code: code, subject: subject, detail: detail)
  }
}

extension FilePosition {
  /// The place that Yams names; it marks every node that it read from a text.
  init(_ mark: Mark?) {
    self.init(line: mark?.line ?? 1, column: mark?.column ?? 1)
  }
}
