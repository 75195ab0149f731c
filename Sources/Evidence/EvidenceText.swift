/// What a person is told, in both languages; the caller knows which of them is wanted.
package struct EvidenceText: Hashable, Sendable {
  /// Simplified Chinese 简体中文.
  package let zh: String
  /// English.
  package let en: String

  package init(zh: String, en: String) {
    self.zh = zh
    self.en = en
  }
}
