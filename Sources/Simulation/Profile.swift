/// What a simulated city is like: its lines, its work, and what goes wrong how often.
package struct Profile: Sendable {
  /// The quality of a line between an office and its parent.
  struct Line: Sendable {
    var bitsPerSecond: UInt64
    var roundTripMilliseconds: UInt64
    /// Packets lost, of a thousand; each costs time, as under TCP.
    var lossPermille: UInt64
  }

  package let name: String
  let line: Line
  /// How often each fault comes, for the whole city, in a thousand days.
  let faultsPerThousandDays: [Fault: UInt64]
  /// Whether one township is a hostile peer.
  var hasHostilePeer: Bool { faultsPerThousandDays.keys.contains(where: \.isHostile) }

  package static let all = [calm, rural, storm, hostile, upgrade, move]

  package static func named(_ name: String) -> Profile? { all.first { $0.name == name } }

  private static let goodLine = Line(
    bitsPerSecond: 20_000_000, roundTripMilliseconds: 30, lossPermille: 1)

  private static let everyday: [Fault: UInt64] = [
    .partition: 1_500, .loss: 3_000, .duplication: 1_500, .reordering: 1_500, .crash: 1_000,
    .restart: 1_000, .clockMinutes: 500,
  ]

  private init(_ name: String, _ line: Line, _ faults: [Fault: UInt64]) {
    self.name = name
    self.line = line
    self.faultsPerThousandDays = faults
  }

  /// Good lines, and what happens in any city.
  static let calm = Profile("calm", goodLine, everyday)

  /// Lines of 50 kbit/s that lose a third of their packets, and offices that are hardly online.
  static let rural = Profile(
    "rural", Line(bitsPerSecond: 50_000, roundTripMilliseconds: 800, lossPermille: 300),
    everyday.merging([
      .partition: 4_000, .oneWay: 1_500, .loss: 6_000, .delay: 700, .linkDown: 350,
      .slowDisk: 1_000, .clockYears: 350, .clockBack: 700,
    ]) { $1 })

  /// Everything that needs no ill will, often.
  static let storm = Profile(
    "storm", Line(bitsPerSecond: 2_000_000, roundTripMilliseconds: 120, lossPermille: 30),
    everyday.merging([
      .partition: 6_000, .oneWay: 3_000, .loss: 8_000, .duplication: 4_000, .reordering: 4_000,
      .delay: 1_000, .linkDown: 350, .crash: 6_000, .restart: 3_000, .restore: 3_000,
      .silentRestore: 2_500, .clockMinutes: 4_000, .clockYears: 2_000, .clockBack: 1_500,
      .slowDisk: 2_000, .fullDisk: 2_000, .move: 1_500,
    ]) { $1 })

  /// One township is a hostile peer, and keys are stolen.
  static let hostile = Profile(
    "hostile", goodLine,
    everyday.merging([
      .stolenKey: 900, .forgedOrigin: 1_500, .alteredBytes: 2_000, .replay: 1_500,
      .equivocation: 1_200, .foreignEvent: 2_000, .takenEntity: 2_000, .selfWidening: 4_000,
      .everythingUrgent: 1_200, .withheld: 1_500, .flood: 1_000, .restore: 350,
    ]) { $1 })

  /// Offices that run an older program for a while.
  static let upgrade = Profile(
    "upgrade", goodLine,
    everyday.merging([.oldVersion: 2_500, .restart: 3_000, .restore: 350, .crash: 2_000]) { $1 })

  /// Regions that change their parents.
  static let move = Profile(
    "move", goodLine,
    everyday.merging([
      .move: 5_000, .partition: 3_000, .linkDown: 350, .restore: 3_000, .crash: 2_000,
    ]) { $1 })
}
