import Ledger

/// Who acts at this node: an account and the role in which it acts, as the stamp will carry them.
package struct ActingPerson: Hashable, Sendable {
  package let account: String
  package let role: String

  /// - Throws: `CommandError` for an empty word or one that a stamp cannot carry.
  package init(account: String, role: String) throws {
    for (field, word) in [("--as", account), ("--role", role)] {
      guard (1...LedgerBounds.wordBytes).contains(word.utf8.count),
        !word.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
      else {
        throw CommandError.field(
          field, zh: "应为 1 至 \(LedgerBounds.wordBytes) 字节的一个词",
          en: "must be a word of 1 to \(LedgerBounds.wordBytes) bytes")
      }
    }
    self.account = account
    self.role = role
  }
}
