/// What a person is told, in both languages; the caller knows which of them is wanted.
package struct IntakeText: Hashable, Sendable {
  package let zh: String
  package let en: String

  package init(zh: String, en: String) {
    self.zh = zh
    self.en = en
  }
}
