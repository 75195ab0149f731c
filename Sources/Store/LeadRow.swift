import Casework
import Ledger
import Regions

/// What the tables of leads say of one: less than `Lead`, and read without the texts.
struct LeadRow {
  static let family = "lead"
  private static let read: Set<String> = ["number", "reported", "region", "source"]

  let number: String
  /// In milliseconds since 1970 UTC; 0 where the report does not say.
  let reportedAtMilliseconds: Int64
  /// `nil` where the founding has no effect.
  let stage: String?
  let foundedBy: RegionID
  /// The region that it is about, where that is said.
  let region: RegionID?
  let handler: [RegionID]
  let sourceKey: Hash?

  /// `nil` for an entity of another family.
  init?(_ state: EntityState) {
    guard state.family == Self.family else { return nil }
    let founding = (try? CanonicalValue.entries(Self.read, ofMap: state.founding.body)) ?? [:]
    number = founding["number"]?.text ?? ""
    reportedAtMilliseconds = founding["reported"]?.integer ?? 0
    stage = state.stage?.stage
    foundedBy = state.founding.region
    region = (state[slot: "region"] ?? founding["region"])?.text.flatMap { RegionID($0) }
    handler = state.stage?.handler ?? []
    sourceKey = founding["source"]?.bytes.flatMap { Hash($0) }
  }

  /// The region under which it is counted.
  var listedRegion: RegionID { region ?? foundedBy }

  /// The regions at which it is listed, those that it is about, that founded it or that handle it: each
  /// once, with whether it handles the lead.
  var places: [RegionID: Bool] {
    var places: [RegionID: Bool] = [foundedBy: false]
    if let region { places[region] = false }
    for region in handler { places[region] = true }
    return places
  }
}
