import Casework
package import Regions

/// How a command ends for the process that called it; the numbers are those that scripts rely on.
package enum CommandExit: Int32, Sendable {
  case good = 0
  /// The answer is no.
  case no = 1
  case badData = 65
  case unreachable = 69
  case disk = 74
  case locked = 75
  case refused = 77
  case configuration = 78
}

/// A command that cannot be carried out: what the person is told, in both languages.
package struct CommandError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A stable word; more may be added.
  package struct Code: Hashable, Sendable {
    package let rawValue: String

    package init(_ rawValue: String) { self.rawValue = rawValue }

    /// A field of the command is not what it must be.
    package static let badField = Code("bad_field")
    /// Nothing of that number or id is held here.
    package static let notFound = Code("not_found")
    /// Several answer to what was given.
    package static let ambiguous = Code("ambiguous")
    /// No region of the tree answers to the text.
    package static let unknownRegion = Code("unknown_region")
    /// The entity is held and cannot be folded yet.
    package static let waiting = Code("waiting")
    /// The process or the actor's place forbids the act.
    package static let notPermitted = Code("not_permitted")
    /// No such pair of events is a conflict of the entity, or no longer.
    package static let conflictGone = Code("conflict_gone")
    /// The conflict has its decision.
    package static let conflictDecided = Code("conflict_decided")
    /// This node lacks something that it must have been set up with.
    package static let notReady = Code("not_ready")
    /// A number has no place left.
    package static let exhausted = Code("exhausted")
    /// The contact cannot be opened here.
    package static let sealed = Code("sealed")
    /// The contact's key was destroyed.
    package static let destroyed = Code("destroyed")
    /// A draft says otherwise than the ledger of what never changes.
    package static let contradictsLedger = Code("contradicts_ledger")
    /// Something stands where a new file should go.
    package static let alreadyExists = Code("already_exists")
    /// A backup is not what it should be.
    package static let badBackup = Code("bad_backup")
    /// The node knows no such command.
    package static let unknownCommand = Code("unknown_command")
  }

  package let code: Code
  package let exit: CommandExit
  package let chinese: String
  package let english: String

  package init(_ code: Code, _ exit: CommandExit, zh chinese: String, en english: String) {
    self.code = code
    self.exit = exit
    self.chinese = chinese
    self.english = english
  }

  /// The message in that language.
  package func message(in language: Language) -> String {
    switch language {
    case .zh: chinese
    case .en: english
    }
  }

  package var description: String { english }

  /// A field that is not what it must be.
  ///
  /// - Parameters:
  ///   - field: the option's name as people type it.
  static func field(_ field: String, zh: String, en: String) -> CommandError {
    CommandError(.badField, .badData, zh: "\(field):\(zh)", en: "\(field): \(en)")
  }

  /// A file with faults, each on a line of its own with its place.
  ///
  /// - Parameter path: the file's name as people typed it; `nil` where it has none.
  static func findings(_ findings: [FileFinding], in path: String? = nil) -> CommandError {
    func lines(_ text: (FileFinding) -> String) -> String {
      findings.map { "\(path.map { $0 + ":" } ?? "")\($0.line):\($0.column): \(text($0))" }
        .joined(separator: "\n")
    }
    return CommandError(.badField, .badData, zh: lines(\.chinese), en: lines(\.english))
  }
}
