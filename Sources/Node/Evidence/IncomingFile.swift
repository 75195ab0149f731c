import Evidence
import Glibc
import Synchronization

/// A file whose name is not known yet. It removes itself unless it was made content.
struct IncomingFile: ~Copyable, Sendable {
  let file: OpenFile
  private let folder: OpenFolder
  private let name: String
  private var isKept = false

  private static let nextNumber = Atomic<UInt64>(0)
  /// Names taken by others are leftovers of a process that had our number; there are few.
  private static let mostAttempts = 1000

  init(in folder: consuming OpenFolder) throws(EvidenceError) {
    for _ in 0..<Self.mostAttempts {
      let number = Self.nextNumber.wrappingAdd(1, ordering: .relaxed).newValue
      let name = "\(getpid()).\(number)"
      if let file = try folder.newFile(name) {
        self.file = file
        self.name = name
        self.folder = folder
        return
      }
    }
    throw .busy(folder.path)
  }

  deinit { if !isKept { try? folder.remove(name) } }

  /// Makes it content of the evidence folder; see ``EvidenceFolder/keep(_:called:in:as:)``.
  mutating func keep(
    in evidence: EvidenceFolder, as content: EvidenceName
  ) throws(EvidenceError) -> Bool {
    let wasHeld = try evidence.keep(file, called: name, in: folder, as: content)
    isKept = true
    return wasHeld
  }

  /// Removes what earlier processes left. A file that is still being written is locked, and stays.
  static func sweep(_ folder: borrowing OpenFolder) throws(EvidenceError) {
    for name in try folder.names() {
      // A link is removed, not followed; anything but a file and a link was put there by hand.
      if folder.holdsFile(name), let file = try folder.file(name, .writing), !file.hold() {
        continue
      }
      try? folder.remove(name)
    }
  }
}
