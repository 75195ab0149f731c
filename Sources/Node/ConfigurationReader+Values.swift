import Yams

// The reading of single values, each of which notes what is wrong with it.
extension ConfigurationReader {
  mutating func note(
    _ code: ConfigurationFinding.Code, at node: Yams.Node?, subject: String = "",
    detail: String = ""
  ) {
    findings.append(
      ConfigurationFinding(
        line: node?.mark?.line ?? 1, column: node?.mark?.column ?? 1, code: code,
        subject: subject, detail: detail))
  }

  /// The values of a mapping by key; notes a node that is none, and keys that are not allowed.
  mutating func fields(
    of node: Yams.Node, allowed: [String]
  ) -> [String: Yams.Node] {
    guard case .mapping(let mapping) = node else {
      note(.wrongType, at: node, detail: "mapping")
      return [:]
    }
    var fields: [String: Yams.Node] = [:]
    for (key, value) in mapping {
      let word = key.scalar?.string ?? ""
      if allowed.contains(word) {
        fields[word] = value
      } else {
        note(
          .unknownKey, at: key, subject: word, detail: allowed.joined(separator: ", "))
      }
    }
    return fields
  }

  /// The text of a scalar as it is written.
  mutating func text(_ node: Yams.Node?) -> String? {
    guard let node else { return nil }
    guard case .scalar(let scalar) = node, !scalar.string.isEmpty else {
      note(.wrongType, at: node, detail: "text")
      return nil
    }
    return scalar.string
  }

  mutating func value<Value>(
    _ node: Yams.Node?, or code: ConfigurationFinding.Code, _ read: (String) -> Value?
  ) -> Value? {
    guard let text = text(node) else { return nil }
    guard let value = read(text) else {
      note(code, at: node, subject: text)
      return nil
    }
    return value
  }

  mutating func word<Value>(
    _ node: Yams.Node?, among values: [Value], by name: (Value) -> String
  ) -> Value? {
    guard let text = text(node) else { return nil }
    guard let value = values.first(where: { name($0) == text }) else {
      note(
        .unknownWord, at: node, subject: text,
        detail: values.map(name).joined(separator: ", "))
      return nil
    }
    return value
  }

  mutating func number(_ node: Yams.Node?, within range: ClosedRange<Int>) -> Int? {
    guard let text = text(node) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      note(
        .outOfRange, at: node, subject: text,
        detail: "\(range.lowerBound)-\(range.upperBound)")
      return nil
    }
    return number
  }
}
