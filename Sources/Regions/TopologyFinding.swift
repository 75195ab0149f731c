/// One thing that is wrong in a topology file, with its exact place and its cure.
///
/// The words for people are made by ``message(in:)`` and ``cure(in:)``; `subject` and `detail` are
/// what those words are about and belong to no language.
package struct TopologyFinding: Hashable, Sendable {
  /// The kind of finding. The raw value is the stable word for logs and JSON.
  package enum Code: String, CaseIterable, Sendable {
    // The text.
    case fileTooLarge = "file_too_large"
    case forbiddenCharacter = "forbidden_character"
    case yamlSyntax = "yaml_syntax"
    case anchorNotAllowed = "anchor_not_allowed"
    case tooDeep = "too_deep"
    case duplicateKey = "duplicate_key"
    // The shape.
    case unknownKey = "unknown_key"
    case missingKey = "missing_key"
    case wrongType = "wrong_type"
    case malformedID = "malformed_id"
    case malformedNumber = "malformed_number"
    case malformedDate = "malformed_date"
    case malformedCode = "malformed_code"
    case malformedAddress = "malformed_address"
    case malformedLocation = "malformed_location"
    case malformedWord = "malformed_word"
    case malformedName = "malformed_name"
    case unknownTier = "unknown_tier"
    case periodReversed = "period_reversed"
    // The sense.
    case duplicateDepartment = "duplicate_department"
    case unknownDepartmentSet = "unknown_department_set"
    case unknownCodeSystem = "unknown_code_system"
    case duplicateID = "duplicate_id"
    case duplicateNumber = "duplicate_number"
    case duplicateCode = "duplicate_code"
    case noHub = "no_hub"
    case secondHub = "second_hub"
    case unknownParent = "unknown_parent"
    case unknownManagingBlock = "unknown_managing_block"
    case tierOutOfOrder = "tier_out_of_order"
    case cycle
    case treeRefused = "tree_refused"
  }

  /// The line, from 1.
  package let line: Int
  /// The column, from 1, counted in Unicode scalars.
  package let column: Int
  /// The kind of finding.
  package let code: Code
  /// The word in the file that the finding is about; may be empty.
  package let subject: String
  /// The second thing that the message needs: a line, an id, the words allowed; may be empty.
  package let detail: String

  /// A finding; a subject or detail over 200 characters is shortened.
  package init(line: Int, column: Int, code: Code, subject: String = "", detail: String = "") {
    self.line = line
    self.column = column
    self.code = code
    self.subject = Self.shortened(subject)
    self.detail = Self.shortened(detail)
  }

  /// What is wrong, in English; ``message(in:)`` speaks the other languages.
  package var message: String { message(in: .en) }
  /// What to do, in English; ``cure(in:)`` speaks the other languages.
  package var cure: String { cure(in: .en) }

  /// The longest piece of a file that a message repeats, in characters.
  private static let longestQuotation = 200

  private static func shortened(_ text: String) -> String {
    text.unicodeScalars.count <= longestQuotation
      ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(longestQuotation))) + "…"
  }
}

extension TopologyFinding: Comparable {
  /// Findings come in the order of the file.
  package static func < (a: TopologyFinding, b: TopologyFinding) -> Bool {
    (a.line, a.column, a.code.rawValue, a.subject, a.detail)
      < (b.line, b.column, b.code.rawValue, b.subject, b.detail)
  }
}
