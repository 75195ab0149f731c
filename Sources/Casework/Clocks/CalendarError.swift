package import Regions

/// Why a table of holidays is refused, or a time cannot be counted.
///
/// It has no cause of its own: nothing below a calendar can fail.
package struct CalendarError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong, as an open set.
  package struct Code: Hashable, Sendable {
    /// A stable word for logs and JSON.
    package let word: String
    package init(_ word: String) { self.word = word }
    package static let missingYear = Code("missing_year")
    package static let outOfRange = Code("out_of_range")
    package static let tooFar = Code("too_far")
    package static let tooMany = Code("too_many")
    package static let badTable = Code("bad_table")
  }

  package let code: Code
  /// The year without a table, where that is what is wrong.
  package let missingYear: Int?
  /// What is wrong and what to do.
  package let chinese: String
  /// What is wrong and what to do.
  package let english: String

  private init(_ code: Code, missingYear: Int? = nil, chinese: String, english: String) {
    self.code = code
    self.missingYear = missingYear
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

  /// Working days of that year were asked for.
  package static func missingYear(_ year: Int) -> CalendarError {
    CalendarError(
      .missingYear, missingYear: year,
      chinese: "没有\(year)年的节假日表，无法计算工作日：请把国务院办公厅公布的该年放假和调休日期加入流程文件的 holidays",
      english: """
        there is no holiday table for \(year), so its working days cannot be counted: add that \
        year's days off and shifted working days under holidays in the process file
        """)
  }

  static func outOfRange(_ instant: Int64) -> CalendarError {
    CalendarError(
      .outOfRange, chinese: "时间 \(instant) 毫秒不在公元1年至9999年之内：请核对该时间",
      english: "the time \(instant) ms is not in the years 1 to 9999: correct it")
  }

  static func tooFar(days: Int) -> CalendarError {
    CalendarError(
      .tooFar, chinese: "期限超过\(days)天：请缩短时限、延期或中止的期间",
      english: """
        the time lies more than \(days) days ahead: shorten the limit, the extensions or the \
        suspensions
        """)
  }

  static func tooMany(_ chinese: String, _ english: String, most: Int) -> CalendarError {
    CalendarError(
      .tooMany, chinese: "\(chinese)超过\(most)条：请核对该线索的记录",
      english: "there are more than \(most) \(english): check the records of this case")
  }

  static func badTable(_ chinese: String, _ english: String) -> CalendarError {
    CalendarError(.badTable, chinese: chinese, english: english)
  }
}
