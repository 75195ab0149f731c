import Foundation

/// Words that the code of a target must not contain, as regular expressions over code without
/// comments and strings.
struct ForbiddenCode {
  let name: String
  let patterns: [(what: String, pattern: String)]
  /// Files that may break the rule, each with the proof that it may: `Target/File.swift`.
  let exceptions: [String: String]

  /// Time, randomness and tasks are arguments of the pure targets, never theirs to take.
  static let impurity = ForbiddenCode(
    name: "pure targets",
    patterns: [
      ("Date()", #"\bDate\s*\(\s*\)"#),
      ("Date.now", #"\bDate\s*\.\s*now\b"#),
      ("UUID()", #"\bUUID\s*\(\s*\)"#),
      (".random(", #"\.\s*random\s*\("#),
      ("SystemRandomNumberGenerator", #"\bSystemRandomNumberGenerator\b"#),
      ("Task {", #"\bTask\s*(<[^>{}]*>\s*)?(\([^(){}]*\)\s*)?\{"#),
      ("Task.detached", #"\bTask\s*\.\s*detached\b"#),
      ("ContinuousClock", #"\bContinuousClock\b"#),
      ("SuspendingClock", #"\bSuspendingClock\b"#),
      ("clock_gettime", #"\bclock_gettime\b"#),
    ],
    exceptions: [:])

  /// What could crash a server, hide a data race or leak a module, in any target.
  static let danger = ForbiddenCode(
    name: "all targets",
    patterns: [
      ("@unchecked Sendable", #"@unchecked\s+Sendable\b"#),
      ("try!", #"\btry\s*!"#),
      ("as!", #"\bas\s*!"#),
      ("@_exported", #"@_exported\b"#),
      ("fatalError(", #"\bfatalError\s*\("#),
    ],
    exceptions: [:])

  func violations(in source: SwiftSource) throws -> [Violation] {
    try patterns.flatMap { rule in
      try lines(of: rule.pattern, in: source.code).map {
        Violation(line: $0, reason: "\(rule.what) is forbidden in \(name)")
      }
    }
  }
}

/// SQL belongs to Store: nowhere else does a string literal hold a statement.
enum StatementLiterals {
  /// A keyword in capitals with something after it, or the shape of a statement in small letters.
  /// The bare word is let through, since `DELETE` is also a method of HTTP.
  private static let patterns = [
    #"\b(SELECT|INSERT|UPDATE|DELETE|REPLACE)\s+\S"#,
    #"\bCREATE\s+(\w+\s+)*(TABLE|INDEX|VIEW|TRIGGER)\b"#,
    #"^\s*insert\s+(or\s+\w+\s+)?into\s+\w"#,
    #"^\s*select\s+[\w*,.() ]+\s+from\s+\w+"#,
    #"^\s*delete\s+from\s+\w+\s*(where\b|$)"#,
    #"^\s*update\s+\w+\s+set\s+\w+\s*="#,
    #"^\s*create\s+(\w+\s+)*table\s+\w"#,
  ]

  static func violations(in source: SwiftSource) throws -> [Violation] {
    try source.literals.compactMap { literal in
      for pattern in patterns where try !lines(of: pattern, in: literal.text).isEmpty {
        return Violation(line: literal.line, reason: "a SQL statement outside Store")
      }
      return nil
    }
  }
}

/// The numbers of the lines on which a match of `pattern` begins.
private func lines(of pattern: String, in text: String) throws -> [Int] {
  let expression = try NSRegularExpression(pattern: pattern)
  let whole = NSRange(text.startIndex..., in: text)
  return expression.matches(in: text, range: whole).compactMap { match in
    guard let range = Range(match.range, in: text) else { return nil }
    return text[..<range.lowerBound].utf8.count { $0 == UInt8(ascii: "\n") } + 1
  }
}
