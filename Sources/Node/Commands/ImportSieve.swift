import Casework
import Ledger
import Regions
import Store

/// Tells of each row of a chunk what is to become of it, in a dry run and before it is written alike.
struct ImportSieve {
  /// The most bytes of one row's lead, and of its sealed contact.
  private static let rowBytes = LedgerBounds.eventBodyBytes - 2_048

  /// What new leads pin.
  let rules: NodeCommands.Rules
  /// The source keys of this chunk so far, and of what is about to be written beside it.
  var seen: Set<Hash> = []
  private let commands: NodeCommands
  private let folder: Folder
  private let person: ActingPerson
  private var outcomes: [ImportChunkAnswer.Outcome] = []
  private var refusals: [ImportChunkAnswer.Refusal] = []

  init(
    _ commands: NodeCommands, _ folder: Folder, by person: ActingPerson, _ reader: StoreReader
  ) throws {
    self.commands = commands
    self.folder = folder
    self.person = person
    rules = try NodeCommands.Rules(commands, reader)
  }

  /// What became of the rows so far.
  var answer: ImportChunkAnswer { ImportChunkAnswer(outcomes: outcomes, refusals: refusals) }

  /// Whether a row is to be written.
  mutating func passes(
    _ row: ImportableRow, isImported: (Hash) throws -> Bool
  ) throws -> Bool {
    let outcome = try outcome(of: row, isImported)
    outcomes.append(outcome)
    return outcome == .added
  }

  private mutating func outcome(
    of row: ImportableRow, _ isImported: (Hash) throws -> Bool
  ) throws -> ImportChunkAnswer.Outcome {
    guard let key = row.content.sourceKey else {
      preconditionFailure("an imported row has a source key")
    }
    if try isImported(key) || seen.contains(key) { return .duplicate }
    var lead = row.content
    lead.contact = ContactSealer.Contact(name: nil, contact: nil)
    let leadBytes = lead.byteEstimate
    let contactBytes = row.content.byteEstimate - leadBytes
    guard leadBytes <= Self.rowBytes, contactBytes <= Self.rowBytes else { return .tooLarge }
    if let history = row.history {
      do {
        try tryOut(history.get(), of: row.content, contactBytes)
      } catch HistoryTrial.Fault.tooLarge {
        return .tooLarge
      } catch HistoryTrial.Fault.refused(let error) {
        return refused(error)
      } catch let error as CommandError {
        return refused(error)
      }
    }
    seen.insert(key)
    return .added
  }

  private func tryOut(
    _ history: LeadHistory, of content: LeadContent, _ contactBytes: Int
  ) throws {
    guard let number = LeadNumber(region: 1, incarnation: 1, serial: 1) else {
      preconditionFailure("a number of ones is one")
    }
    var trial = HistoryTrial(
      folder: folder, milliseconds: commands.core.wallMilliseconds(),
      actor: { [commands] in commands.actor($0) })
    try trial.run(
      history,
      on: try commands.founding(of: content, numbered: number, by: rules, of: person), by: person,
      contactBytes: contactBytes)
  }

  private mutating func refused(_ error: CommandError) -> ImportChunkAnswer.Outcome {
    refusals.append(
      ImportChunkAnswer.Refusal(
        row: outcomes.count, code: error.code.rawValue, chinese: error.chinese,
        english: error.english))
    return .refused
  }
}
