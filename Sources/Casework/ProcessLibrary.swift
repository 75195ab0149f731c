package import Ledger

/// The rules files that a node holds, by their hash. Entities that pin another one wait for it.
package struct ProcessLibrary: Sendable {
  private var processes: [Hash: Process] = [:]

  package init(_ processes: [Process] = []) {
    for process in processes { add(process) }
  }

  /// Puts a process on the shelf; one that is there already changes nothing.
  package mutating func add(_ process: Process) { processes[process.hash] = process }

  package subscript(hash: Hash) -> Process? { processes[hash] }

  /// The hashes of all processes, ascending.
  package var hashes: [Hash] { processes.keys.sorted() }
}
