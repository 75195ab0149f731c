package import Ledger
package import Regions

/// The value of the stage slot: stage and handler move together.
package struct StageValue: Hashable, Sendable {
  /// The stage's key in the process.
  package let stage: String
  /// The regions that handle the entity, the lead unit (主办) first, then co-units (协办).
  package let handler: [RegionID]
  /// The department inside the lead unit.
  package let department: String?
  /// When handling is due, in milliseconds since 1970 UTC.
  package let dueMilliseconds: Int64?
  /// The region that handed the entity over last.
  package let giver: RegionID
  /// The account that brought the entity here, at a stage that keeps it.
  package let account: String?
  /// The acts done on the way here that may be done only once, in ascending order.
  package let spent: [String]

  package init(
    stage: String, handler: [RegionID], department: String? = nil, dueMilliseconds: Int64? = nil,
    giver: RegionID, account: String? = nil, spent: [String] = []
  ) {
    self.stage = stage
    self.handler = handler
    self.department = department
    self.dueMilliseconds = dueMilliseconds
    self.giver = giver
    self.account = account
    self.spent = spent
  }

  /// The value as state bytes hold it: `{stage, handler, giver, department?, due?, by?, once?}`.
  package var value: CanonicalValue {
    var entries: [String: CanonicalValue] = [
      "stage": .text(stage), "handler": .array(handler.map { .text($0.rawValue) }),
      "giver": .text(giver.rawValue),
    ]
    entries["department"] = department.map { .text($0) }
    entries["due"] = dueMilliseconds.map { .integer($0) }
    entries["by"] = account.map { .text($0) }
    if !spent.isEmpty { entries["once"] = .array(spent.map { .text($0) }) }
    return .map(entries)
  }

  package init?(_ value: CanonicalValue) {
    guard let stage = value["stage"]?.text, let handler = value["handler"].flatMap(Self.regions),
      let giver = value["giver"]?.text.flatMap({ RegionID($0) })
    else { return nil }
    self.init(
      stage: stage, handler: handler, department: value["department"]?.text,
      dueMilliseconds: value["due"]?.integer, giver: giver, account: value["by"]?.text,
      spent: value["once"]?.array?.compactMap(\.text) ?? [])
  }

  /// Reads an array of region ids; `nil` for an empty one or another shape.
  static func regions(_ value: CanonicalValue) -> [RegionID]? {
    guard let elements = value.array, !elements.isEmpty else { return nil }
    var regions: [RegionID] = []
    for element in elements {
      guard let region = element.text.flatMap({ RegionID($0) }) else { return nil }
      regions.append(region)
    }
    return regions
  }

  /// The value that a move or a founding gives.
  ///
  /// - Parameters:
  ///   - before: the value before; `nil` for a founding.
  ///   - account: who acts, where the stage keeps it.
  ///   - spending: the act, where it may be done only once.
  ///   - body: read only where the body names the handler.
  /// - Returns: `nil` where the body does not name what it must.
  static func after(
    _ before: StageValue?, entering stage: String, by region: RegionID, account: String? = nil,
    spending act: String? = nil, handover: Handover, body: () -> CanonicalValue?
  ) -> StageValue? {
    let spent = Set((before?.spent ?? []) + (act.map { [$0] } ?? [])).sorted(by: bytesAscend)
    switch (handover, before) {
    case (.named, _):
      guard let body = body(), let handler = body["to"].flatMap(regions) else { return nil }
      let (department, due) = (body["department"], body["due"])
      guard department == nil || department?.text != nil, due == nil || due?.integer != nil else {
        return nil
      }
      return StageValue(
        stage: stage, handler: handler, department: department?.text,
        dueMilliseconds: due?.integer, giver: region, account: account,
        spent: spent)
    case (.keeps, let before?):
      return StageValue(
        stage: stage, handler: before.handler, department: before.department,
        dueMilliseconds: before.dueMilliseconds, giver: before.giver, account: account,
        spent: spent)
    case (.ordered, let before?):
      let due = body()?["due"]
      guard due == nil || due?.integer != nil else { return nil }
      return StageValue(
        stage: stage, handler: before.handler, department: before.department,
        dueMilliseconds: due?.integer, giver: before.giver, account: account,
        spent: spent)
    case (.giver, let before?):
      return StageValue(
        stage: stage, handler: [before.giver], giver: region, account: account,
        spent: spent)
    case (.actor, _), (_, nil):
      return StageValue(
        stage: stage, handler: [region], giver: region, account: account,
        spent: spent)
    }
  }
}
