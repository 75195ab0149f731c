import Casework
package import Identity
package import Ledger
package import Logging
package import Regions
import Replication
package import Store
import Synchronization

/// One running office: its store, its key and its open links. Every face acts through it.
package final class NodeCore: Sendable {
  package let store: Store
  package let writer: GroupWriter
  package let links: LinkRegistry
  /// What is going on with evidence between this node and its neighbours.
  package let evidence: EvidenceRegistry
  /// Wakes who confirms the receipt lines that arrive.
  let deliveries: WakeUp
  package let logger: Logger
  /// What this node is certified as.
  package let name: NodeName
  /// The rules that new entities pin.
  package let rules: Hash
  package let credentials: NodeKeyStore
  /// The public half of the key with which secrets are sealed to this node; 32 bytes.
  package let sealKey: [UInt8]
  /// The keys of the contacts that this node may open.
  package let contactKeys: ContactKeyFile
  /// The program and its version, for people.
  package let software: String
  /// Judges the chains that come along with history.
  let judge: DeploymentKeyJudge
  private let counterFile: StartCounterFile
  private let sequenceFile: LastSequenceFile
  private let chain: Identity.CertificateChain
  private let clocks: Clocks
  /// The incarnations to leave, because a peer was found to hold commits of ours that this store lost.
  let incarnationRequests: AsyncStream<UInt32>

  /// Where time and chance come from.
  package struct Clocks: Sendable {
    /// The wall clock, in milliseconds since 1970 UTC.
    package let wallMilliseconds: @Sendable () -> UInt64
    /// A clock that never steps back, in milliseconds.
    package let monotonicMilliseconds: @Sendable () -> UInt64
    /// That many random bytes.
    package let randomBytes: @Sendable (Int) -> [UInt8]

    package init(
      wallMilliseconds: @escaping @Sendable () -> UInt64,
      monotonicMilliseconds: @escaping @Sendable () -> UInt64,
      randomBytes: @escaping @Sendable (Int) -> [UInt8]
    ) {
      self.wallMilliseconds = wallMilliseconds
      self.monotonicMilliseconds = monotonicMilliseconds
      self.randomBytes = randomBytes
    }
  }

  package var region: RegionID { name.region }
  package var tier: Tier { name.tier }

  package func wallMilliseconds() -> UInt64 { clocks.wallMilliseconds() }
  package func monotonicMilliseconds() -> UInt64 { clocks.monotonicMilliseconds() }
  package func randomBytes(_ count: Int) -> [UInt8] { clocks.randomBytes(count) }
  /// 16 random bytes for an event.
  package func salt() -> [UInt8] { clocks.randomBytes(16) }

  func randomHash() -> Hash { Hash(of: clocks.randomBytes(Hash.byteCount)) }

  /// Opens the store of a node's folder and notes the start; a store that is not the one last open
  /// here begins a new incarnation before anything else is written.
  ///
  /// - Parameters:
  ///   - home: the node's folder, made by `node init`.
  ///   - sealKey: the public half of the key for what is sealed to this node.
  ///   - bounds: what the store reads and keeps at most for one peer.
  /// - Throws: `IdentityError` for key or certificate, `StoreError` for the store, `EvidenceError` for
  ///   the keys of contacts.
  package static func open(
    home: String, sealKey: [UInt8], software: String, logger: Logger, clocks: Clocks,
    bounds: StoreBounds
  ) throws -> NodeCore {
    let credentials = NodeKeyStore(path: home)
    let loaded = try credentials.load()
    let process = Process.firstCut
    let judge = DeploymentKeyJudge(roots: loaded.roots)
    let store = try Store.open(
      in: home, library: .shipped,
      judge: judge,
      signer: CommitSigner(privateKey: loaded.key.privateKey), bounds: bounds)
    do {
      let core = try NodeCore(
        store: store, loaded: loaded, credentials: credentials, judge: judge, rules: process.hash,
        sealKey: sealKey, contactKeys: try ContactKeyFile.open(in: HomeLayout(path: home)),
        software: software, counterFile: StartCounterFile(folder: home),
        sequenceFile: LastSequenceFile(folder: home), logger: logger, clocks: clocks)
      try core.start()
      return core
    } catch {
      try? store.close()
      throw error
    }
  }

  private init(
    store: Store, loaded: NodeKeyStore.Credentials, credentials: NodeKeyStore,
    judge: DeploymentKeyJudge, rules: Hash, sealKey: [UInt8], contactKeys: ContactKeyFile,
    software: String,
    counterFile: StartCounterFile,
    sequenceFile: LastSequenceFile, logger: Logger, clocks: Clocks
  ) {
    let links = LinkRegistry()
    let evidence = EvidenceRegistry()
    let deliveries = WakeUp()
    let (requests, request) = AsyncStream.makeStream(
      of: UInt32.self, bufferingPolicy: .bufferingNewest(1))
    self.incarnationRequests = requests
    self.store = store
    self.links = links
    self.evidence = evidence
    self.deliveries = deliveries
    self.name = loaded.certified.name
    self.rules = rules
    self.credentials = credentials
    self.judge = judge
    self.chain = loaded.chain
    self.sealKey = sealKey
    self.contactKeys = contactKeys
    self.software = software
    self.counterFile = counterFile
    self.sequenceFile = sequenceFile
    self.logger = logger
    self.clocks = clocks
    self.writer = GroupWriter(store: store, wallMilliseconds: clocks.wallMilliseconds) {
      effects in
      if let (origin, sequence) = effects.authored { sequenceFile.note(origin, sequence) }
      for alarm in effects.alarms {
        logger.warning("\(alarm.detail)", metadata: ["alarm": "\(alarm.code)"])
      }
      links.committed(effects, at: clocks.wallMilliseconds())
      evidence.committed(effects)
      if effects.awaitsDeliveries { deliveries.signal() }
      if let former = effects.replacedIncarnation { request.yield(former) }
    }
  }

  private func start() throws {
    let (identity, highestSigned, isClosed) = try store.read {
      (try $0.identity(), try $0.highestIncarnation(), try $0.isOwnOriginClosed())
    }
    guard identity.region == region, identity.tier == tier,
      identity.deployment == name.deployment.description
    else {
      throw StoreError(
        .wrongStore,
        "the store is that of \(identity.tier.name) \(identity.region) of \(identity.deployment), the "
          + "certificate that of \(tier.name) \(region) of \(name.deployment); put the right one "
          + "into the folder")
    }
    let inside =
      identity.starts == 0
      ? nil : StartCounter(starts: identity.starts, incarnation: identity.incarnation)
    let decision = StartCounter.decide(
      beside: try counterFile.read(), inside: inside,
      lastBeside: sequenceFile.read(of: identity.incarnation), lastInside: identity.sequence,
      isReplaced: identity.isReplaced || isClosed, highestSigned: highestSigned)
    // The file first: a crash in between costs an incarnation and never uses one twice.
    try counterFile.write(decision.counter)
    _ = try store.write(now: wallMilliseconds()) { transaction in
      try transaction.learn(chain.der)
      guard decision.opensNewIncarnation else {
        transaction.noteStart(decision.counter)
        return
      }
      try self.open(decision.counter, in: transaction)
    }
    if isClosed {
      logger.warning(
        """
        the hub closed this node's origin: a new incarnation begins. If the key was stolen, replace \
        it and the certificate, or the hub must close the new one as well
        """,
        metadata: [
          "closed": "\(identity.origin)", "incarnation": "\(decision.counter.incarnation)",
        ])
    } else if decision.opensNewIncarnation, identity.starts > 0 {
      logger.notice(
        "the store is not the one that was last open here: a new incarnation begins",
        metadata: ["incarnation": "\(decision.counter.incarnation)"])
    }
  }

  /// Opens a new incarnation, because this store turned out to have been replaced unnoticed.
  ///
  /// Several links may find that out at once: the first one opens, for the others `former` is left
  /// already and nothing is done. Otherwise the second would reset the first one's chain.
  ///
  /// - Parameters:
  ///   - former: the incarnation that was found to be stale.
  ///   - claim: the peer's cursor that says so; `nil` where signed commits prove it.
  func openIncarnation(leaving former: UInt32, claim: IncarnationClaim? = nil) async throws {
    let opened = try await writer.write { [self] transaction -> UInt32? in
      let counter = try transaction.counter(
        leaving: former, beside: counterFile.read(), claim: claim)
      guard let counter else { return nil }
      // The file first: a crash in between, or a transaction that fails, costs an incarnation and
      // never uses one twice.
      try counterFile.write(counter)
      try open(counter, in: transaction)
      return counter.incarnation
    }
    guard let opened else { return }
    logger.notice(
      "a peer holds commits that this store lost: a new incarnation begins",
      metadata: ["incarnation": "\(opened)", "former": "\(former)"])
    links.stopAll(
      Goodbye(
        reason: .newIncarnation, message: "this node opened a new incarnation",
        retryAfterSeconds: 0))
  }

  /// An origin's first commit carries its certificate chain and the key that secrets are sealed to.
  private func open(_ counter: StartCounter, in transaction: StoreTransaction) throws {
    transaction.openIncarnation(counter)
    let body = CanonicalValue.map([
      "rules": .bytes(rules.bytes), "chain": .array(chain.der.map { .bytes($0) }),
      "seal": .bytes(sealKey),
    ])
    // What stands above seals to it and judges by it, so it goes to everyone; a township's goes up.
    let audience = tier == .township ? [region] : [region, .everyone]
    _ = try transaction.author(actor: "system", role: "system", lane: .bulk) { commit in
      commit.add(
        EventDraft(
          entity: nil, kind: "origin.opened", parents: [], audience: audience, salt: salt(),
          body: body.encoded))
    }
  }

  /// Takes no more work for the store, carries out what waits for it, and closes it.
  package func close() throws {
    writer.finish()
    try store.close()
  }
}
