package import Ledger

/// What a program folds by: the rules files that a node holds, by their hash, and the kinds that it
/// knows. Entities that pin another rules file wait for it.
package struct ProcessLibrary: Sendable {
  private var processes: [Hash: Process] = [:]
  /// The kinds of each process that do something to clocks.
  private var clockKinds: [Hash: Set<String>] = [:]
  private let unknownKinds: Set<String>

  /// Changes whenever a program understands kinds that its predecessor did not, or folds what that
  /// one left waiting.
  private static let foldWord = "liandong.fold.6"

  /// - Parameter unknownKinds: kinds, built-in ones included, that fold as not understood, as they
  ///   would for a program that is older than they are.
  package init(_ processes: [Process] = [], unknownKinds: Set<String> = []) {
    self.unknownKinds = unknownKinds
    for process in processes { add(process) }
  }

  /// Puts a process on the shelf; one that is there already changes nothing.
  package mutating func add(_ process: Process) {
    processes[process.hash] = process
    clockKinds[process.hash] = Set(
      process.families.flatMap(\.kinds).filter { $0.clock != nil }.map(\.kind))
  }

  package subscript(hash: Hash) -> Process? { processes[hash] }

  /// The hashes of all processes, ascending.
  package var hashes: [Hash] { processes.keys.sorted() }

  /// The kinds that the processes here let a role write by its name; those that every role may write are
  /// not among them.
  package func kinds(namedFor role: String) -> Set<String> {
    Set(
      processes.values.flatMap(\.families).flatMap(\.kinds)
        .filter { $0.actors.roles.contains(role) }.map(\.kind))
  }

  /// Whether an act of that kind does something to clocks.
  func movesClocks(_ kind: String, under rules: Hash) -> Bool {
    clockKinds[rules]?.contains(kind) ?? false
  }

  func understands(_ kind: String) -> Bool { unknownKinds.isEmpty || !unknownKinds.contains(kind) }

  /// Names the kinds that are built in and those that are left out: programs of the same fold
  /// version and rules files fold the same events to the same bytes.
  package var foldVersion: Hash {
    let words = [Self.foldWord] + unknownKinds.sorted(by: bytesAscend)
    return Hash(of: CanonicalValue.array(words.map { .text($0) }).encoded)
  }
}
