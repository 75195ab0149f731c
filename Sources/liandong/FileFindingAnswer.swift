import Casework
import Regions

/// A fault of a process or duty file, as `check --json` tells it.
struct FileFindingAnswer: Encodable {
  let line: Int
  let column: Int
  let code: String
  let message: String

  init(_ finding: FileFinding, in language: Language) {
    self.line = finding.line
    self.column = finding.column
    self.code = finding.code
    self.message = language == .zh ? finding.chinese : finding.english
  }
}
