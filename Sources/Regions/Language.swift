/// The languages in which the program speaks to people. The raw value is the language's ISO 639-1
/// code.
package enum Language: String, CaseIterable, Sendable {
  /// Simplified Chinese 简体中文.
  case zh
  /// English.
  case en
}
