package import Ledger
import Synchronization

/// The keys of the contacts that this node may open: the file `contact.keys` of its folder, mode 0600,
/// with a slot of 64 bytes for each, the key's name and the key. No backup of the store holds it; what
/// is lost comes again from the neighbours, unless it was destroyed.
///
/// A key is on the disk when adding it returns, and overwritten on the disk when erasing it does. A slot
/// that a crash tore has a name that nobody asks for. Calls wait for the disk. One process has the file
/// open: the one that holds the store's lock. In memory a key costs its name and place.
package final class ContactKeyFile: Sendable {
  static let slotBytes = Hash.byteCount + ContactKey.byteCount
  private static let readBytes = slotBytes * 1_024

  private struct State: ~Copyable {
    let file: OpenFile
    var slots: [Hash: Int] = [:]
    /// Where the next slot begins, in bytes.
    var end = 0
  }

  private let state: Mutex<State>

  private init(_ state: consuming State) { self.state = Mutex(state) }

  /// Opens the file of a node's folder, which is made if need be.
  ///
  /// - Throws: `EvidenceError`: foreign, no space, input or output.
  package static func open(in home: HomeLayout) throws -> ContactKeyFile {
    let folder = try OpenFolder(path: home.path, mayBeLink: true)
    let name = HomeLayout.File.contactKeys
    guard let file = try folder.file(name, .writingOrMaking) else {
      throw EvidenceError.foreign(folder.path(of: name))
    }
    try folder.synchronise()
    var state = State(file: file)
    while true {
      let bytes = try state.file.read(at: state.end, count: readBytes)
      for start in stride(from: 0, through: bytes.count - slotBytes, by: slotBytes) {
        let slot = bytes[start..<start + slotBytes]
        if slot.contains(where: { $0 != 0 }), let name = Hash(slot.prefix(Hash.byteCount)) {
          state.slots[name] = state.end + start
        }
      }
      state.end += bytes.count / slotBytes * slotBytes
      if bytes.count < readBytes { break }
    }
    return ContactKeyFile(state)
  }

  /// Adds keys under their names, with one flush; those that are held already stay.
  ///
  /// - Throws: `EvidenceError`: no space, input or output.
  package func add(_ keys: [(name: Hash, key: ContactKey)]) throws {
    try state.withLock { state in
      let new = keys.filter { state.slots[$0.name] == nil }
      guard !new.isEmpty else { return }
      try state.file.write(new.flatMap { $0.name.bytes + $0.key.bytes }, at: state.end)
      try state.file.synchronise()
      for (name, _) in new {
        state.slots[name] = state.end
        state.end += Self.slotBytes
      }
    }
  }

  /// Whether a key of that name is held.
  package func holds(_ name: Hash) -> Bool { state.withLock { $0.slots[name] != nil } }

  /// The key of that name; `nil` where it is not held.
  ///
  /// - Throws: `EvidenceError`: input or output.
  package func key(_ name: Hash) throws -> ContactKey? {
    try state.withLock { state in
      guard let place = state.slots[name] else { return nil }
      return ContactKey(
        try state.file.read(at: place + Hash.byteCount, count: ContactKey.byteCount))
    }
  }

  /// Overwrites keys with zeros, with one flush; names that are not held are as good as erased.
  ///
  /// - Throws: `EvidenceError`: input or output.
  package func erase(_ names: some Sequence<Hash>) throws {
    try state.withLock { state in
      let held = names.compactMap { name in state.slots[name].map { (name, $0) } }
      guard !held.isEmpty else { return }
      for (_, place) in held {
        try state.file.write([UInt8](repeating: 0, count: Self.slotBytes), at: place)
      }
      try state.file.synchronise()
      for (name, _) in held { state.slots[name] = nil }
    }
  }
}
