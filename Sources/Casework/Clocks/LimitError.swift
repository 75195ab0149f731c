package import Regions

/// Why a time limit, or the clock rule of a stage, is refused.
///
/// It has no cause of its own: nothing below it can fail.
package struct LimitError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong, as an open set.
  package struct Code: Hashable, Sendable {
    /// A stable word for logs and JSON.
    package let word: String
    package init(_ word: String) { self.word = word }
    package static let malformed = Code("malformed")
    package static let outOfRange = Code("out_of_range")
    package static let missingWarnings = Code("missing_warnings")
    package static let unitsDiffer = Code("units_differ")
    package static let outOfOrder = Code("out_of_order")
    package static let unsuitable = Code("unsuitable")
  }

  package let code: Code
  /// What is wrong and what to do.
  package let chinese: String
  /// What is wrong and what to do.
  package let english: String

  init(_ code: Code, chinese: String, english: String) {
    self.code = code
    self.chinese = chinese
    self.english = english
  }

  package var description: String { english }

  /// What is wrong and what to do.
  package func message(in language: Language) -> String {
    switch language {
    case .zh: chinese
    case .en: english
    }
  }
}
