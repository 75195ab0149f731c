import Foundation

/// A Swift file as the rules see it: its code without comments and string literals, and its
/// string literals apart.
///
/// The scanner knows nested comments, escapes, raw and multi-line strings and interpolations, whose
/// code counts as code. It takes a regex literal with a lone quote in it for the start of a string,
/// but such a string ends with its line.
struct SwiftSource {
  struct Literal: Equatable {
    let line: Int
    let text: String
  }

  struct Import: Equatable {
    let line: Int
    let module: String
  }

  /// The code; every literal is `""` and every comment a space, line breaks stay where they are.
  let code: String
  let literals: [Literal]

  init(_ text: String) {
    var scanner = Scanner(bytes: Array(text.utf8))
    scanner.scanCode(insideInterpolation: false)
    code = String(decoding: scanner.code, as: UTF8.self)
    literals = scanner.literals
  }

  /// Every import, whatever attributes and access level it bears. `import struct X.Y` and
  /// `import X.Y` both import X.
  var imports: [Import] {
    let form =
      #/
      ^(?:@\w+(?:\([^)]*\))?\s+)*
      (?:(?:public|package|internal|fileprivate|private)\s+)?
      import\s+
      (?:(?:struct|class|enum|protocol|typealias|func|let|var|actor)\s+)?
      `?(?<module>\w+)
      /#
    var found: [Import] = []
    for (index, line) in code.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where line.contains("import") {
      for statement in line.split(separator: ";") {
        let statement = statement.trimmingCharacters(in: .whitespaces)
        if let match = statement.prefixMatch(of: form) {
          found.append(Import(line: index + 1, module: String(match.output.module)))
        }
      }
    }
    return found
  }
}

extension SwiftSource {
  /// Walks once over the bytes of a file.
  private struct Scanner {
    let bytes: [UInt8]
    var at = 0
    var line = 1
    var code: [UInt8] = []
    var literals: [Literal] = []

    init(bytes: [UInt8]) { self.bytes = bytes }

    private func sees(_ text: StaticString, ahead: Int = 0) -> Bool {
      let count = text.utf8CodeUnitCount
      guard at + ahead + count <= bytes.count else { return false }
      return (0..<count).allSatisfy { bytes[at + ahead + $0] == text.utf8Start[$0] }
    }

    /// How many of `byte` stand one after another, `ahead` bytes from here.
    private func run(of byte: UInt8, ahead: Int = 0) -> Int {
      var count = 0
      while at + ahead + count < bytes.count, bytes[at + ahead + count] == byte { count += 1 }
      return count
    }

    private mutating func step(keepsInCode: Bool) {
      if bytes[at] == UInt8(ascii: "\n") {
        line += 1
        code.append(bytes[at])
      } else if keepsInCode {
        code.append(bytes[at])
      }
      at += 1
    }

    mutating func scanCode(insideInterpolation: Bool) {
      var depth = 0
      while at < bytes.count {
        switch bytes[at] {
        case UInt8(ascii: "/") where sees("//"):
          while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
          continue
        case UInt8(ascii: "/") where sees("/*"):
          skipComment()
          continue
        case UInt8(ascii: "\""):
          scanString(hashes: 0)
          continue
        case UInt8(ascii: "#"):
          let hashes = run(of: UInt8(ascii: "#"))
          if sees("\"", ahead: hashes) {
            scanString(hashes: hashes)
            continue
          }
          // All of them at once, or a quote further on would seem to have fewer.
          for _ in 1..<hashes { step(keepsInCode: true) }
        case UInt8(ascii: "("):
          depth += 1
        case UInt8(ascii: ")"):
          if insideInterpolation, depth == 0 { return }
          depth -= 1
        default:
          break
        }
        step(keepsInCode: true)
      }
    }

    private mutating func skipComment() {
      var depth = 0
      code.append(UInt8(ascii: " "))
      repeat {
        if sees("/*") || sees("*/") {
          depth += sees("/*") ? 1 : -1
          at += 2
        } else {
          step(keepsInCode: false)
        }
      } while depth > 0 && at < bytes.count
    }

    private mutating func scanString(hashes: Int) {
      at += hashes
      let isMultiline = sees("\"\"\"")
      let quotes = isMultiline ? 3 : 1
      let start = line
      var text: [UInt8] = []
      at += quotes
      code += Array("\"".utf8)
      while at < bytes.count {
        if run(of: UInt8(ascii: "\"")) >= quotes,
          run(of: UInt8(ascii: "#"), ahead: quotes) >= hashes
        {
          at += quotes + hashes
          break
        }
        if !isMultiline, sees("\n") { break }
        if sees("\\"), run(of: UInt8(ascii: "#"), ahead: 1) >= hashes {
          at += 1 + hashes
          guard at < bytes.count else { break }
          if sees("(") {
            code += Array("\" ".utf8)
            at += 1
            scanCode(insideInterpolation: true)
            at = min(at + 1, bytes.count)
            code += Array(" \"".utf8)
            text += Array("…".utf8)
            continue
          }
        }
        text.append(bytes[at])
        step(keepsInCode: false)
      }
      code += Array("\"".utf8)
      literals.append(Literal(line: start, text: String(decoding: text, as: UTF8.self)))
    }
  }
}
