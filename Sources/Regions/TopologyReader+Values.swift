import Yams

extension TopologyReader {
  /// Notes a finding.
  mutating func note(
    _ code: TopologyFinding.Code, at position: FilePosition, subject: String = "",
    detail: String = ""
  ) {
    findings.append(source.finding(code, at: position, subject: subject, detail: detail))
  }

  /// The values of a mapping by key; `nil` if the node is none. Keys that are not allowed and
  /// required keys that are absent are noted.
  mutating func readFields(
    of node: Node, allowed: [String], required: [String]
  ) -> [String: Node]? {
    guard case .mapping = node else {
      note(.wrongType, at: FilePosition(node.mark), detail: "mapping")
      return nil
    }
    var fields: [String: Node] = [:]
    for (key, value) in pairs(node) {
      let word = key.scalar.map { source.restored($0.string) } ?? ""
      if allowed.contains(word) {
        fields[word] = value
      } else {
        note(
          .unknownKey, at: FilePosition(key.mark), subject: word,
          detail: allowed.joined(separator: ", "))
      }
    }
    for key in required where fields[key] == nil {
      note(.missingKey, at: FilePosition(node.mark), subject: key)
    }
    return fields
  }

  /// The pairs of a mapping in the order of the file; notes a node that is none.
  mutating func pairs(_ node: Node) -> [(key: Node, value: Node)] {
    guard case .mapping(let mapping) = node else {
      note(.wrongType, at: FilePosition(node.mark), detail: "mapping")
      return []
    }
    return mapping.map { ($0.key, $0.value) }
  }

  /// The items of a list; notes a node that is none.
  mutating func items(_ node: Node) -> [Node] {
    guard case .sequence(let sequence) = node else {
      note(.wrongType, at: FilePosition(node.mark), detail: "list")
      return []
    }
    return Array(sequence)
  }

  /// The text of a scalar as it is written, so that codes keep their leading zeros; notes a node
  /// that is none, and an empty one.
  mutating func readText(_ node: Node) -> TopologyDraft.Placed<String>? {
    guard case .scalar(let scalar) = node, !Self.isNull(scalar) else {
      note(.wrongType, at: FilePosition(node.mark), detail: "text")
      return nil
    }
    return .init(value: source.restored(scalar.string), position: FilePosition(node.mark))
  }

  private static func isNull(_ scalar: Node.Scalar) -> Bool {
    scalar.string.isEmpty || (scalar.style == .plain && ["~", "null"].contains(scalar.string))
  }
}
