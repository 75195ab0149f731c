import Regions

/// A text for people in both languages. There is no text in one language alone, so none can be
/// forgotten; the topics are in `Text+*.swift`.
struct Text: Hashable, Sendable {
  private let zh: String
  private let en: String

  init(zh: String, en: String) {
    self.zh = zh
    self.en = en
  }

  /// The text in that language.
  func `in`(_ language: Language) -> String {
    switch language {
    case .zh: zh
    case .en: en
    }
  }

  /// A help line: both languages beside each other, since help is shown before a language is known.
  var help: String { "\(zh) / \(en)" }
}
