import Casework
import Crypto
import Ledger
import Regions
import Replication
import Store

/// A whole city on one thread: virtual time and network over the real ledger, casework, replication
/// and stores. Chance follows from the seed alone, so a run can be repeated to the last frame.
final class City {
  let profile: Profile
  /// The process file that the hub publishes besides those of the simulation.
  let trial: Process?
  /// How often honest offices wrote each of its kinds.
  var trialKinds: [String: Int] = [:]
  /// The cases under it that offices work on with zeal, each with the kind that founded it.
  var trialCases: [(kind: String, entity: EntityID)] = []
  let authority = SimulatedAuthority()
  let hours: UInt64
  var numbers: SeededNumbers
  /// The true time, in milliseconds since 1970 UTC; the monotonic clock of every office as well.
  var now: UInt64 = 1_700_000_000_000
  let start: UInt64
  /// The tree with which the city begins.
  private let tree: LinkTree
  var agenda = Agenda()
  private(set) var offices: [Office] = []
  private(set) var indices: [RegionID: Int] = [:]
  var books = Books(offices: 0)
  var checks = Checks()
  var faults: [String: Int] = [:]
  var trace: Trace
  /// The directions in which nothing arrives, with how often each was blocked.
  var blocked: [Direction: Int] = [:]
  /// Until when the wires between two offices hold everything back.
  var heldUp: [Direction: UInt64] = [:]
  /// The directions in which the next frame arrives twice.
  var duplicates: Set<Direction> = []
  /// Whether things may still go wrong.
  var isSafetyPhase = true
  var lastSession = 0
  /// Repairs that began and did not end, by office and peer.
  var openRepairs: Set<Direction> = []
  /// The keys that were stolen, by victim, until the hub closes the origin.
  var thefts: [Int: Theft] = [:]
  /// The offices in whose name a thief ever opened a session: it sent what they never had.
  var robbed: Set<Int> = []
  /// Cases on which several offices acted at the same moment, the latest last.
  var hotCases: [EntityID] = []
  /// Leads and directives that offices may act on, the latest last.
  var cases: [EntityID] = []
  /// The accounts that were opened, and the sessions that people opened with them.
  var accounts: [(id: EntityID, region: RegionID)] = []
  var sessions: [AccountSession] = []
  /// The supervision cases that red warnings opened, with the leads that they are about.
  var supervisions: [EntityID: EntityID] = [:]
  /// When the last look for warnings was had, after the heal.
  var caughtUpAt: UInt64 = 0
  /// Pairs of rivals that the hub's states name at the end, and how many of them were decided.
  var conflictsOpened = 0
  var conflictsDecided = 0
  var frames = 0

  struct Direction: Hashable {
    let from: Int
    let to: Int
  }

  /// A stolen key, and the origin in whose name it signs.
  struct Theft {
    let signer: CommitSigner
    let origin: Origin
  }

  /// - Parameters:
  ///   - shape: how many offices of each tier, a thousand at most in all.
  ///   - hours: how long the safety phase lasts.
  ///   - process: one on trial.
  init(
    seed: UInt64, shape: Shape, hours: UInt64, profile: Profile, process: Process?, trace: Trace
  ) throws {
    self.profile = profile
    trial = process
    self.hours = hours
    self.trace = trace
    self.start = now
    numbers = SeededNumbers(seed: seed ^ 0x11A4_D046)
    tree = try shape.tree()
    let townships = tree.entries.filter { $0.tier == .township }.map(\.id)
    let hostile = profile.hasHostilePeer ? numbers.pick(townships) : nil
    for entry in tree.entries { try addOffice(entry, isHostile: entry.id == hostile) }
    books = Books(offices: offices.count)
  }

  /// The first day: every office gets its first start and the hub's tree.
  func begin() throws {
    for office in offices { try powerOn(office) }
    let commit = try publish(tree)
    for office in offices where office.tier != .city {
      try office.store.take(
        Shipment(chains: [offices[hubIndex].chain], commits: [commit]), at: clock(of: office),
        from: offices[hubIndex].region)
      books.told(office.index, [commit], at: now)
      planDial(office, after: numbers.below(5_000))
    }
    for office in offices { agenda.plan(.act(at: office.index), at: now + nextAct(office)) }
    planFaults()
  }

  private func addOffice(_ entry: LinkTree.Entry, isHostile: Bool) throws {
    let key = try newKey()
    let chain = authority.issue(key.publicKey, entry.id, entry.tier)
    let store = try Store.inMemory(
      for: NodeIdentity(deployment: "simulated", region: entry.id, tier: entry.tier),
      library: Office.Program.current.library, judge: judge(isHostile: isHostile),
      signer: CommitSigner(privateKey: key))
    indices[entry.id] = offices.count
    offices.append(
      Office(
        index: offices.count, region: entry.id, tier: entry.tier, isHostile: isHostile, key: key,
        chain: chain, store: store))
  }

  func judge(isHostile: Bool) -> any KeyJudge { isHostile ? CredulousJudge() : authority }

  /// A key that follows from the numbers. Nearly every 32 bytes are one.
  func newKey() throws -> P256.Signing.PrivateKey {
    for _ in 0..<8 {
      let bytes = numbers.bytes(32)
      if let key = try? P256.Signing.PrivateKey(rawRepresentation: bytes) { return key }
    }
    throw HarnessFault("no key in eight tries")
  }

  var hubIndex: Int { offices.firstIndex { $0.tier == .city } ?? 0 }
  var hub: Office { offices[hubIndex] }
  var hostile: Office? { offices.first(where: \.isHostile) }

  func office(_ region: RegionID) -> Office? { indices[region].map { offices[$0] } }

  /// What an office's wall clock shows.
  func clock(of office: Office) -> UInt64 { office.clock(at: now) }

  // MARK: The run of things.

  /// Lets things happen up to a moment.
  func run(until end: UInt64) throws {
    while let (at, happening) = agenda.next(notAfter: end) {
      now = max(now, at)
      try happen(happening)
    }
    now = max(now, end)
  }

  private func happen(_ happening: Happening) throws {
    switch happening {
    case .frame(let frame, let session, let at):
      frames += 1
      trace.note(now) { "\(offices[at].region)\(Trace.frameMark)\(frame.summary) in \(session)" }
      try feed(offices[at], session, .received(frame))
    case .reset(let session, let at): try connectionLost(offices[at], session)
    case .tick(let session, let at): try tick(offices[at], session)
    case .commit(let at, let life): try commitDue(offices[at], life)
    case .dial(let at, let life): try dial(offices[at], life)
    case .connect(let child, let parent, let lives): try connect(child, parent, lives)
    case .act(let at): try work(at: offices[at])
    case .extraAct(let at): try workOnce(at: offices[at])
    case .fault(let fault): try inject(fault)
    case .extraFault(let fault): try injectOnce(fault)
    case .recovery(let recovery): try recover(recovery)
    case .hours(let at, let opens): try keepHours(offices[at], opens: opens)
    case .inspection: try inspect()
    }
  }

  func count(_ fault: Fault) { faults[fault.rawValue, default: 0] += 1 }
}

/// The simulation itself is at fault, not what it simulates.
struct HarnessFault: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

extension Store {
  /// Takes commits at once, as `node init` takes those of the provisioned bundle.
  fileprivate func take(_ shipment: Shipment, at clock: UInt64, from peer: RegionID) throws {
    let (outcome, _) = try write(now: clock) { try $0.take(shipment, from: peer) }
    if let refused = outcome.setAside.first { throw HarnessFault(refused.reason) }
  }
}
