import Casework
import Regions
import Store

/// To whom a directive goes: a region, or a department in it.
struct DirectiveRecipient: Hashable, Comparable {
  let region: RegionID
  let department: String?

  /// As people write it: `REGION` or `REGION:DEPARTMENT`.
  var word: String { department.map { "\(region):\($0)" } ?? region.rawValue }

  static func < (a: DirectiveRecipient, b: DirectiveRecipient) -> Bool { a.word < b.word }
}

extension NodeCommands {
  private static let departmentSigns: Set<Character> = [":", "\u{FF1A}"]

  /// The recipients that a directive names, each once, in ascending order.
  ///
  /// - Throws: `CommandError` of exit 65 for none, one that the tree does not know or that does not
  ///   stand below this node, a department that there is not, or more than an audience holds.
  func recipients(
    _ arguments: DirectiveIssueArguments, _ places: Places, _ reader: StoreReader
  ) throws -> [DirectiveRecipient] {
    guard arguments.toAll != !arguments.to.isEmpty else {
      throw CommandError.field(
        "--to / --to-all", zh: "请写明接收区域,或用 --to-all 下发全部下级,二者取一",
        en: "name the recipients, or all below with --to-all, not both")
    }
    let below = (places.tree?.subtree(of: core.region) ?? []).filter { $0 != core.region }
    let found =
      arguments.toAll
      ? below.map { DirectiveRecipient(region: $0, department: arguments.department) }
      : try arguments.to.map { try recipient($0, arguments.department, places) }
    guard !found.isEmpty else {
      throw CommandError.field("--to-all", zh: "本区域没有下级", en: "there is no region below")
    }
    let (regions, known) = (Set(found.map(\.region)), Set(below))
    if let region = regions.subtracting(known).min() {
      throw CommandError.field(
        "--to", zh: "\(region) 不是本区域 \(core.region) 的下级",
        en: "\(region) does not stand below \(core.region)")
    }
    guard regions.count < Self.mostRecipients else {
      throw CommandError.field(
        "--to-all", zh: "接收区域超过 \(Self.mostRecipients - 1) 个,请分批下发",
        en: "more than \(Self.mostRecipients - 1) recipients; issue it in parts")
    }
    for recipient in Set(found) { try check(recipient, places, reader) }
    return Set(found).sorted()
  }

  private func recipient(
    _ text: String, _ department: String?, _ places: Places
  ) throws -> DirectiveRecipient {
    // A code may contain the sign as well.
    if let sign = text.lastIndex(where: { Self.departmentSigns.contains($0) }),
      case .unknown = places.directory.resolve(text, in: places.tree)
    {
      let named = text[text.index(after: sign)...]
      return DirectiveRecipient(
        region: try region(String(text[..<sign]), field: "--to", places),
        department: try required(String(named), field: "--to \(text)"))
    }
    return DirectiveRecipient(
      region: try region(text, field: "--to", places), department: department)
  }

  /// A department is one of the region's own, and of the duty list in force where there is one.
  private func check(
    _ recipient: DirectiveRecipient, _ places: Places, _ reader: StoreReader
  ) throws {
    guard let department = recipient.department else { return }
    if let unit = places.directory.entry(recipient.region)?.region {
      try check(department, of: unit)
    }
    let now = Int64(clamping: core.wallMilliseconds())
    guard let list = try reader.duties().inForce(at: now)?.list,
      list.department(department) == nil
    else { return }
    let listed = list.departments.map { "\($0.key) \($0.chinese)" }.joined(separator: ", ")
    throw CommandError.field(
      "--to \(recipient.word)", zh: "职责清单中没有部门“\(department)”,可用:\(listed)",
      en: "the duty list has no department '\(department)'; use one of \(listed)")
  }
}
