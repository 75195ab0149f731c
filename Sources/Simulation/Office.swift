import Casework
import Crypto
import Ledger
import Regions
import Replication
import Store

/// One office of a simulated city: the machine, what stands on its disk, and what runs.
final class Office {
  let index: Int
  let region: RegionID
  let tier: Tier
  let isHostile: Bool

  // What a certificate authority gave it.
  var key: P256.Signing.PrivateKey
  var chain: CertificateChain

  // On the disk: survives a crash.
  var store: Store { didSet { knownTree = nil } }
  /// The newest tree in the store; `nil` until it is asked for.
  private var knownTree: LinkTree??
  /// What the file beside the store says.
  var counter = StartCounter(starts: 0, incarnation: 0)
  /// The last sequence that the other file beside the store has, and of which incarnation.
  var lastBeside: (incarnation: UInt32, sequence: UInt64) = (0, 0)
  var backups: [Backup] = []

  // The program that is installed.
  var program = Program.current

  // What runs: lost in a crash.
  var isUp = false
  /// Grows with each stop, so that what was planned for an earlier life does not happen.
  var life = 0
  var sessions: [Int: Session] = [:]
  /// The session of each peer that took the place of any earlier one.
  var current: [Int: Int] = [:]
  var writes: [PendingWrite] = []
  /// The sessions of which a write failed or whose place a later one took: they write nothing more.
  var shut: Set<Int> = []
  var isCommitPlanned = false
  var isDialPlanned = false
  var backoff = Backoff()
  /// What the last session with each peer measured.
  var throughputs: [Int: Throughput] = [:]
  /// The incarnation to leave, once a transaction found that the store was replaced unnoticed.
  var replacedIncarnation: UInt32?

  // The machine's troubles.
  /// By how much the wall clock is ahead of the true time, in milliseconds.
  var clockAhead: Int64 = 0
  /// The latest that its clock ever showed.
  var latestClock: UInt64 = 0
  /// How far ahead its clock was when it was asked, each from a true time on.
  private var clockCourse: [(since: UInt64, ahead: Int64)] = []
  /// The latest time that it wrote.
  var lastTime = HybridTime(rawValue: 0)
  /// How long a flush takes, in milliseconds.
  var flushMilliseconds: UInt64 = 2
  var isDiskFull = false
  /// Steps until a crash that is planned; `nil` where none is.
  var stepsToCrash: Int?
  /// Whether it is closed for the night.
  var isClosed = false
  /// Whether an old copy ever took the store's place, so that it may have lost what it wrote.
  var wasRestored = false

  init(
    index: Int, region: RegionID, tier: Tier, isHostile: Bool, key: P256.Signing.PrivateKey,
    chain: CertificateChain, store: Store
  ) {
    self.index = index
    self.region = region
    self.tier = tier
    self.isHostile = isHostile
    self.key = key
    self.chain = chain
    self.store = store
  }

  /// The tree that rules here.
  var tree: LinkTree? {
    get throws {
      if let knownTree { return knownTree }
      let tree = try store.read { try $0.signedTrees() }.newest
      knownTree = .some(tree)
      return tree
    }
  }

  /// What the wall clock shows at a true time.
  func clock(at now: UInt64) -> UInt64 {
    if clockCourse.last?.ahead != clockAhead { clockCourse.append((now, clockAhead)) }
    let clock = UInt64(max(Int64(now) + clockAhead, 1_000_000))
    latestClock = max(latestClock, clock)
    return clock
  }

  /// Whether the clock can have shown this at a true time of the range.
  func showed(_ clock: UInt64, within times: ClosedRange<UInt64>) -> Bool {
    clockCourse.indices.contains { index in
      let next = index + 1
      let end = next < clockCourse.count ? clockCourse[next].since : times.upperBound
      let time = Int64(clamping: clock) - clockCourse[index].ahead
      return time >= Int64(max(clockCourse[index].since, times.lowerBound)) && time <= Int64(end)
    }
  }

  /// The store has learned a tree.
  func forgetTree() { knownTree = nil }

  var signer: CommitSigner { CommitSigner(privateKey: key) }

  /// A program's version: what it can fold and which protocol numbers it speaks.
  struct Program {
    let name: String
    let processes: [Process]
    let unknownKinds: Set<String>
    let protocolVersions: ClosedRange<UInt32>

    var library: ProcessLibrary { ProcessLibrary(processes, unknownKinds: unknownKinds) }

    /// It offers one protocol number more than the old one, which both sides must settle between them.
    static let current = Program(
      name: "current",
      processes: [.firstCut, .second, .closures, .publications, .duties, .accounts, .shifts],
      unknownKinds: [],
      protocolVersions: 1...2)
    /// It does not know a third of the kinds of leads, directives and receipts.
    static let old = Program(
      name: "old", processes: [.firstCut],
      unknownKinds: [
        "conflict.decided", "parent.lost", "lead.withdrawn", "lead.returned", "lead.progressed",
        "lead.reopened",
        "directive.cancelled", "receipt.fed_back",
      ], protocolVersions: 1...1)
  }

  /// A copy of the store; for an image of the whole disk also of what lies beside it.
  struct Backup {
    let image: StoreImage
    let counter: StartCounter
    let lastBeside: (incarnation: UInt32, sequence: UInt64)
    /// What the books say that the store held.
    let held: Set<Int>
  }

  /// A write that a session asked for.
  struct PendingWrite {
    let session: Int
    let peer: Int
    let effect: LinkEffect
  }
}

/// One end of a connection between two offices.
final class Session {
  let id: Int
  let peer: Int
  var link: Link
  var inputs: [LinkInput] = []
  var isTurning = false
  var ticks = 0
  /// Acknowledged positions to be noted at the next tick.
  var noted = LanePair<UInt64?>(repeating: nil)

  // The wire towards the peer.
  /// When the wire is free again.
  var freeAt: UInt64 = 0
  /// When the last frame on the wire arrives.
  var lastArrival: UInt64 = 0
  /// Whether everything that is sent from here on is lost.
  var isBroken = false
  var streamed = false

  /// The batches that were sent and not acknowledged, as the wire shows it.
  var unacknowledged: [(lane: Lane, end: UInt64)] = []

  init(id: Int, peer: Int, link: Link) {
    self.id = id
    self.peer = peer
    self.link = link
  }

  /// Notes what an input says of the batches under way.
  func heed(_ input: LinkInput) {
    switch input {
    case .received(.acknowledgement(let ack)):
      unacknowledged.removeAll { $0.lane == ack.lane && $0.end <= ack.position }
    // Sending begins anew at the noted heads.
    case .repairBegan: unacknowledged.removeAll()
    default: break
    }
  }
}
