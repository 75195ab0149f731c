package import Regions

/// A process as people read it: a table of acts, or a graph for Graphviz.
package struct ProcessDrawing: Sendable {
  private let process: Process
  private let language: Language

  package init(of process: Process, in language: Language) {
    self.process = process
    self.language = language
  }

  private func word(_ chinese: String, _ english: String) -> String {
    language == .zh ? chinese : english
  }

  /// One line a family, stage and act; acts stand under the stages from which they lead.
  package func table() -> [String] {
    var lines: [String] = []
    for family in process.families {
      lines.append("\(family.name) \(word(family.chinese, family.english))")
      for stage in family.stages {
        let owner = stage.owner.map { " [\(name(of: $0))]" } ?? ""
        lines.append("  \(stage.key) \(word(stage.chinese, stage.english))\(owner)")
        for rule in family.kinds {
          guard case .move(let from, let to, _) = rule.effect, from.contains(stage.key) else {
            continue
          }
          lines.append("    \(line(of: rule)) -> \(to)")
        }
      }
      lines += family.kinds.compactMap { rule in
        if case .move = rule.effect { return nil }
        let places = rule.stages.isEmpty ? "" : " @ \(rule.stages.joined(separator: " "))"
        return "  \(line(of: rule))\(places)"
      }
    }
    return lines
  }

  private func line(of rule: KindRule) -> String {
    var parts = ["\(rule.kind) \(word(rule.chinese, rule.english))"]
    let actors = rule.actors
    if actors.tiers.count < Tier.allCases.count {
      parts.append(actors.tiers.map(\.name).joined(separator: "/"))
    }
    if !actors.roles.contains("*") {
      parts.append(actors.roles.map { name(of: $0) }.joined(separator: "/"))
    }
    if !actors.places.isEmpty {
      parts.append(actors.places.map(\.rawValue).joined(separator: "/"))
    }
    if actors.isAnother { parts.append(word("须另一人", "another person")) }
    let demanded = rule.demands.filter { $0.least > 0 }
    if !demanded.isEmpty {
      parts.append(
        "{" + demanded.map { word($0.chinese, $0.english) }.joined(separator: ", ") + "}")
    }
    return parts.joined(separator: " ")
  }

  private func name(of role: String) -> String {
    process.roles.first { $0.key == role }.map { word($0.chinese, $0.english) } ?? role
  }

  /// The lines of a graph in Graphviz's language: a cluster for each family that has moves.
  package func dot() -> [String] {
    var lines = ["digraph process {", "  rankdir=LR; node [shape=box];"]
    for (number, family) in process.families.enumerated() {
      lines.append("  subgraph cluster_\(number) {")
      lines.append("    label=\(Self.quoted(word(family.chinese, family.english)));")
      for stage in family.stages {
        let shape = stage.isClosing ? ", peripheries=2" : ""
        let label = Self.quoted(word(stage.chinese, stage.english))
        lines.append("    \(Self.quoted("\(number).\(stage.key)")) [label=\(label)\(shape)];")
      }
      for rule in family.kinds {
        guard case .move(let from, let to, _) = rule.effect else { continue }
        for stage in from {
          let (a, b) = (Self.quoted("\(number).\(stage)"), Self.quoted("\(number).\(to)"))
          lines.append(
            "    \(a) -> \(b) [label=\(Self.quoted(word(rule.chinese, rule.english)))];")
        }
      }
      lines.append("  }")
    }
    return lines + ["}"]
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for character in text {
      if character == "\"" || character == "\\" { quoted.append("\\") }
      quoted.append(character)
    }
    return quoted + "\""
  }
}
