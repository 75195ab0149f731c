import Casework
import Ledger

/// How people name a conflict: the entity, and where it has several the superseded event's hash.
struct ConflictReference: Hashable {
  /// An entity's id, a lead's number, or the beginning of a lead's id.
  let entity: String
  /// The beginning of the superseded event's hash, in lower-case hexadecimal digits.
  let loser: String

  /// Reads `ENTITY` or `ENTITY/LOSER`.
  ///
  /// - Throws: `CommandError` of exit 65 where what follows the slash is no beginning of a hash.
  init(_ text: String) throws {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    entity = String(parts[0])
    loser = try parts.count == 2 ? Self.digits(String(parts[1]), field: "CONFLICT") : ""
  }

  /// Reads the beginning of a hash.
  static func digits(_ text: String, field: String) throws -> String {
    guard (1...2 * Hash.byteCount).contains(text.utf8.count), text.utf8.allSatisfy(isHexadecimal)
    else {
      throw CommandError.field(
        field, zh: "“\(text)”不是事件散列值的开头,应为十六进制数字",
        en: "'\(text)' is not the beginning of an event's hash; give hexadecimal digits")
    }
    return text.lowercased()
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    Character(Unicode.Scalar(byte)).isHexDigit
  }

  static func id(of conflict: Conflict, on entity: EntityID) -> String {
    "\(entity)/\(conflict.loser)"
  }

  /// Whether the conflict's superseded event is the one that is named, if one is.
  func names(_ conflict: Conflict) -> Bool { conflict.loser.description.hasPrefix(loser) }

  /// Whether the conflict comes after the one that is named, in the order of a list; none of the
  /// entity does where no event is named.
  func precedes(_ conflict: Conflict) -> Bool {
    !loser.isEmpty && !names(conflict) && loser < conflict.loser.description
  }
}
