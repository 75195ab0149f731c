import Casework
import Ledger
import Regions
import Testing

/// Numbers that follow from a seed alone (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }
}

/// An office that writes events.
struct Office {
  let region: RegionID
  let tier: Tier
  let account: String
  let role: String

  init(
    _ region: String, _ tier: Tier, account: String = "", role: String = "officer"
  ) throws {
    self.region = try #require(RegionID(region))
    self.tier = tier
    self.account = account
    self.role = role
  }

  var actor: Actor { Actor(tier: tier, role: role, region: region, account: account) }
}

/// One entity under test: writes events as nodes would, and keeps them all.
struct SampleCase {
  private(set) var inputs: [FoldInput] = []
  private var numbers: SeededNumbers
  let folder: Folder
  let rules: Hash

  init(seed: UInt64 = 1, process: Process = .firstCut) {
    numbers = SeededNumbers(seed: seed)
    folder = Folder(library: ProcessLibrary([process]))
    rules = process.hash
  }

  mutating func salt() -> [UInt8] { numbers.bytes(16) }

  /// Seals a draft into an event of its own commit, `at` in milliseconds.
  @discardableResult
  mutating func write(
    _ draft: EventDraft, by office: Office, at milliseconds: UInt64, isOriginClosed: Bool = false
  ) throws -> FoldInput {
    let stamp = Hash(of: numbers.bytes(32))
    let event = try Event(bytes: draft.encoded, stampHash: stamp, milliseconds: milliseconds)
    let input = FoldInput(
      event: event, time: HybridTime(milliseconds: milliseconds), tier: office.tier,
      role: office.role, region: office.region, account: office.account,
      isOriginClosed: isOriginClosed)
    inputs.append(input)
    return input
  }

  /// Founds a lead.
  mutating func report(by office: Office, at milliseconds: UInt64 = 1) throws -> FoldInput {
    let number = try #require(LeadNumber(region: 101, incarnation: 1, serial: 1))
    let report = LeadReport(
      number: number, channel: "phone", reportedAtMilliseconds: 1_600_000_000_000, title: "扬尘",
      text: "工地夜间扬尘")
    return try write(
      report.draft(rules: rules, salt: salt(), audience: [office.region]), by: office,
      at: milliseconds)
  }

  /// Writes an act on top of the events named.
  @discardableResult
  mutating func act(
    _ act: Act, by office: Office, at milliseconds: UInt64, on parents: [FoldInput],
    isOriginClosed: Bool = false
  ) throws -> FoldInput {
    let entity = try #require(inputs.first).event.entity
    let draft = act.draft(entity: entity, heads: parents.map(\.event.hash), salt: salt())
    return try write(draft, by: office, at: milliseconds, isOriginClosed: isOriginClosed)
  }

  /// Writes an event of any kind and body.
  @discardableResult
  mutating func write(
    _ kind: String, _ body: CanonicalValue = .map([:]), by office: Office, at milliseconds: UInt64,
    on parents: [FoldInput]
  ) throws -> FoldInput {
    let entity = try #require(inputs.first).event.entity
    let draft = EventDraft(
      entity: entity, kind: kind, parents: parents.map(\.event.hash), audience: [], salt: salt(),
      body: body.encoded)
    return try write(draft, by: office, at: milliseconds)
  }

  func fold() -> FoldResult { folder.fold(inputs) }

  func state() throws -> EntityState { try #require(fold().state) }
}
