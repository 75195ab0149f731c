import Casework
import Ledger
package import Regions
import Replication
import Store

/// What people do at a node, as typed operations: every face calls these and nothing below.
///
/// An act finds its entity, checks the permission, and writes, all in one transaction, with the
/// entity's heads as they stand there. Operations on the same node may run at the same time.
package struct NodeCommands: Sendable {
  package let core: NodeCore
  package let home: HomeLayout
  /// The language of stage and kind names in answers.
  package let language: Language

  package init(core: NodeCore, home: HomeLayout, language: Language) {
    self.core = core
    self.home = home
    self.language = language
  }

  /// The tree and the directory, as of now.
  struct Places: Sendable {
    let tree: LinkTree?
    let directory: RegionDirectory

    init(_ reader: StoreReader) throws {
      tree = try reader.signedTrees().newest
      directory = try RegionDirectory(reader: reader)
    }
  }

  func places() throws -> Places { try core.store.read { try Places($0) } }

  /// Runs long work that blocks on a thread of its own, not on the pool that everything shares.
  ///
  /// - Parameter work: calls `check()` of what it is given now and then, and so ends when the task
  ///   that waits for it is cancelled.
  func offload<Result: Sendable>(
    _ work: @escaping @Sendable (Cancellation) throws -> Result
  ) async throws -> Result {
    try await Cancellation.watching { cancellation in
      try await onWaitingThread { try work(cancellation) }
    }
  }

  /// Finds the region that a text names in the tree.
  ///
  /// - Throws: `CommandError` of exit 65 for an unknown or ambiguous one, with what may be meant.
  func region(_ text: String, field: String, _ places: Places) throws -> RegionID {
    func listed(_ regions: [RegionID]) -> String {
      regions.map { region in
        let day = CommandTime.day(core.wallMilliseconds())
        let name = day.flatMap { places.directory.name(of: region, on: $0) }
        return name.map { "\(region) (\($0))" } ?? region.rawValue
      }.joined(separator: ", ")
    }
    switch places.directory.resolve(text, in: places.tree) {
    case .region(let region): return region
    case .ambiguous(let regions):
      throw CommandError(
        .ambiguous, .badData,
        zh: "\(field):“\(text)”可指 \(listed(regions)),请写明区域编号",
        en: "\(field): '\(text)' may mean \(listed(regions)); give the region's id")
    case .unknown(let near):
      let (zh, en) =
        near.isEmpty ? ("", "") : (",是否指 \(listed(near))?", "; did you mean \(listed(near))?")
      throw CommandError(
        .unknownRegion, .badData, zh: "\(field):区域树中没有“\(text)”\(zh)",
        en: "\(field): no region of the tree answers to '\(text)'\(en)")
    }
  }

  /// A text of a field, trimmed of white space at its ends.
  ///
  /// - Throws: `CommandError` for an empty one.
  func required(_ text: String?, field: String) throws -> String {
    let trimmed = text.flatMap { Self.trimmed($0) }
    guard let trimmed else {
      throw CommandError.field(field, zh: "不能为空,请填写", en: "is empty; fill it in")
    }
    return trimmed
  }

  /// The text without white space at its ends; `nil` where nothing is left.
  static func trimmed(_ text: String) -> String? {
    guard let first = text.firstIndex(where: { !$0.isWhitespace }),
      let last = text.lastIndex(where: { !$0.isWhitespace })
    else { return nil }
    return String(text[first...last])
  }

  /// A time of a field; `nil` stays `nil`.
  func time(_ text: String?, field: String) throws -> Int64? {
    guard let text else { return nil }
    guard let milliseconds = CommandTime.milliseconds(text) else {
      throw CommandError.field(
        field, zh: "“\(text)”不是时间,应形如 2026-11-23 14:05",
        en: "'\(text)' is no time; write it as in 2026-11-23 14:05")
    }
    return milliseconds
  }
}
