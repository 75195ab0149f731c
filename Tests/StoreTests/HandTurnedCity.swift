import Casework
import Crypto
import Ledger
import Regions
import Replication
import Store

/// A city of nodes on one thread: every frame, input and transaction takes its step when the test
/// says so, the clock is turned by hand, and chance follows from the seed.
///
/// Links are driven as production drives them: frames and results wait in a session's queue, effects
/// that write wait in the node's writer and are grouped into transactions, reads happen at once.
final class HandTurnedCity {
  struct Fault: Error, CustomStringConvertible {
    let description: String
  }

  /// The frames on their way to one end of a session.
  struct Wire: Hashable, Comparable {
    let session: Int
    let to: RegionID

    static func < (a: Wire, b: Wire) -> Bool {
      a.session != b.session ? a.session < b.session : a.to < b.to
    }
  }

  var numbers: SeededNumbers
  /// Milliseconds since 1970 UTC, and the monotonic clock as well.
  var now: UInt64 = 1_700_000_000_000
  let authority = TestAuthority()
  private(set) var nodes: [RegionID: CityNode] = [:]
  var wires: [Wire: [Frame]] = [:]
  /// The links that cannot be dialled now, by child and parent.
  var partitions: Set<Set<RegionID>> = []
  /// Everything that was ever written, apart from all stores.
  var oracle = CityOracle()
  private var lastSession = 0
  /// Counts frames of data that were delivered, for scenarios.
  var delivered = 0

  static let rules = Process.firstCut.hash

  /// - Parameter older: the nodes whose program does not know these kinds.
  init(seed: UInt64, _ tree: LinkTree, older: [RegionID: Set<String>] = [:]) throws {
    numbers = SeededNumbers(seed: seed)
    for entry in tree.entries {
      try addNode(entry.id, entry.tier, unknownKinds: older[entry.id] ?? [])
    }
    oracle.configured = tree
    try publish(tree)
  }

  /// A node that never met anybody; its configuration names the parent.
  func addNode(_ region: RegionID, _ tier: Tier, unknownKinds: Set<String> = []) throws {
    let key = try P256.Signing.PrivateKey(from: &numbers)
    let chain = authority.issue(key.publicKey, region, tier)
    let store = try Store.inMemory(
      for: NodeIdentity(deployment: "test", region: region, tier: tier),
      library: ProcessLibrary([.firstCut, .closures], unknownKinds: unknownKinds), judge: authority,
      signer: CommitSigner(privateKey: key))
    let node = CityNode(
      region: region, tier: tier, key: key, chain: chain, number: nodes.count + 1, store: store)
    nodes[region] = node
    try start(node)
  }

  subscript(region: RegionID) -> CityNode {
    guard let node = nodes[region] else { preconditionFailure("no node \(region)") }
    return node
  }

  var regions: [RegionID] { nodes.keys.sorted() }

  func wall(_ node: CityNode) -> UInt64 { now + node.clockAhead }

  /// What a node does when it starts: compares the counters, and opens an incarnation where they say.
  func start(_ node: CityNode, unnoticed: Bool = false) throws {
    let identity = try node.store.read { try $0.identity() }
    let inside =
      identity.starts == 0
      ? nil : StartCounter(starts: identity.starts, incarnation: identity.incarnation)
    let beside = node.counter.starts == 0 ? nil : node.counter
    let decision = StartCounter.decide(
      beside: unnoticed ? inside : beside, inside: inside,
      isReplaced: try identity.isReplaced || node.store.read { try $0.isOwnOriginClosed() },
      highestSigned: try node.store.read { try $0.highestIncarnation() })
    node.counter = StartCounter(
      starts: max(decision.counter.starts, node.counter.starts),
      incarnation: max(decision.counter.incarnation, node.counter.incarnation))
    try write(node) { transaction in
      try transaction.learn(node.chain)
      if decision.opensNewIncarnation {
        transaction.openIncarnation(decision.counter)
      } else {
        transaction.noteStart(decision.counter)
      }
    }
  }

  /// Runs a transaction of the node itself and tells its links.
  @discardableResult
  func write<Result>(
    _ node: CityNode, _ body: (StoreTransaction) throws -> Result
  ) throws -> Result {
    let (result, effects) = try node.store.write(now: wall(node), body)
    committed(node, effects)
    return result
  }

  // MARK: The links.

  /// The parent that the node dials: by its newest tree, else by its configuration.
  func parent(of node: CityNode) throws -> RegionID? {
    (try node.newestTree ?? oracle.configured)?.parent(of: node.region)
  }

  /// The child dials. An earlier session of the two is told to end.
  ///
  /// - Returns: the session; `nil` at the hub and where the link is cut off.
  @discardableResult
  func dial(_ child: RegionID, _ named: RegionID? = nil) throws -> Int? {
    guard let parent = try named ?? parent(of: self[child]), nodes[parent] != nil,
      !partitions.contains([child, parent])
    else { return nil }
    lastSession += 1
    for (region, peer, side) in [(child, parent, Link.Side.child), (parent, child, .parent)] {
      try open(self[region], peer, side, lastSession)
    }
    return lastSession
  }

  private func open(
    _ node: CityNode, _ peer: RegionID, _ side: Link.Side, _ id: Int
  ) throws {
    if let former = node.current[peer].flatMap({ node.sessions[$0] }) {
      former.inputs.append(.stop(Goodbye(reason: .stopping, message: "another session")))
    }
    _ = try write(node) { try $0.askForMissing(of: peer) }
    let (hello, heads, history) = try node.store.read { reader in
      (
        try reader.hello(to: peer, software: "test"), try reader.outboxHeads(of: peer),
        try reader.signedTrees()
      )
    }
    let (tree, trees) = (history.newest, history.names)
    let isNeighbour =
      switch side {
      case .child: tree.map { $0.parent(of: node.region) == peer } ?? true
      case .parent: tree?.parent(of: peer) == node.region
      }
    let session = CityNode.Session(
      id: id, peer: peer,
      link: Link(side: side, peer: peer, isNeighbour: isNeighbour, trees: trees))
    node.sessions[id] = session
    node.current[peer] = id
    session.inputs = [.opened(hello)]
    for lane in Lane.allCases {
      session.inputs.append(.outboxGrew(lane, position: heads[lane]))
    }
  }

  /// Breaks a connection: what is on its way is lost, and neither end hears a goodbye.
  func cut(_ id: Int) {
    for node in nodes.values { node.sessions[id] = nil }
    for wire in wires.keys where wire.session == id { wires[wire] = nil }
  }

  func cutLinks(between a: RegionID, and b: RegionID) {
    for session in self[a].sessions.values where session.peer == b { cut(session.id) }
    for session in self[b].sessions.values where session.peer == a { cut(session.id) }
  }

  func cutLinks(of region: RegionID) {
    for id in self[region].sessions.keys.sorted() { cut(id) }
  }

  /// The process ends and starts anew: what its writer had not yet committed is lost.
  func restart(_ region: RegionID) throws {
    let node = self[region]
    cutLinks(of: region)
    node.writes = []
    node.current = [:]
    try start(node)
  }
}
