import Ledger
import Regions
import Replication
import Store

/// Sessions between offices: dialled, carried and ended as in production.
extension City {
  /// How often a session's timer fires, in milliseconds.
  private static let tickMilliseconds: UInt64 = 25_000
  /// After so many ticks a session looks whether something is missing.
  private static let ticksToKeeper = 24

  // MARK: Dialling.

  func planDial(_ office: Office, after milliseconds: UInt64) {
    guard office.isUp, !office.isDialPlanned, office.tier != .city else { return }
    office.isDialPlanned = true
    agenda.plan(.dial(at: office.index, life: office.life), at: now + milliseconds)
  }

  private func planNextDial(_ office: Office, retryAfter seconds: UInt32? = nil) {
    let wait = seconds.map { UInt64($0) * 1_000 } ?? office.backoff.next(random: numbers.next())
    planDial(office, after: wait)
  }

  func parent(of office: Office) throws -> Office? {
    try office.tree?.parent(of: office.region).flatMap { self.office($0) }
  }

  func dial(_ office: Office, _ life: Int) throws {
    guard office.isUp, office.life == life else { return }
    office.isDialPlanned = false
    guard let parent = try parent(of: office) else { return planNextDial(office) }
    if let id = office.current[parent.index], office.sessions[id] != nil { return }
    guard parent.isUp, isOpen(office, parent) else { return planNextDial(office) }
    office.isDialPlanned = true
    agenda.plan(
      .connect(child: office.index, parent: parent.index, lives: office.life + parent.life),
      at: now + profile.line.roundTripMilliseconds * 3 / 2)
  }

  func connect(_ child: Int, _ parent: Int, _ lives: Int) throws {
    let (child, parent) = (offices[child], offices[parent])
    guard child.isUp else { return }
    child.isDialPlanned = false
    guard parent.isUp, child.life + parent.life == lives, isOpen(child, parent) else {
      return planNextDial(child)
    }
    lastSession += 1
    let id = lastSession
    for (office, peer, side) in [(child, parent, Link.Side.child), (parent, child, .parent)] {
      try open(office, peer, side, id)
    }
  }

  private func isOpen(_ a: Office, _ b: Office) -> Bool {
    blocked[Direction(from: a.index, to: b.index)] == nil
      && blocked[Direction(from: b.index, to: a.index)] == nil
  }

  private func open(_ office: Office, _ peer: Office, _ side: Link.Side, _ id: Int) throws {
    if let former = office.current[peer.index].flatMap({ office.sessions[$0] }) {
      office.shut.insert(former.id)
      try feed(office, former.id, .stop(Goodbye(reason: .stopping, message: "another session")))
    }
    // What a former session handed over may still move the cursors that the hello names.
    let life = office.life
    while !office.writes.isEmpty {
      try commit(office)
      guard office.life == life else { return }
    }
    let asked = try write(office) { try $0.askForMissing(of: peer.region) }
    guard asked != nil, office.life == life else {
      return planReset(of: id, at: peer, after: profile.line.roundTripMilliseconds)
    }
    var (hello, heads, history) = try office.store.read { reader in
      (
        try reader.hello(to: peer.region, software: office.program.name),
        try reader.outboxHeads(of: peer.region), try reader.signedTrees()
      )
    }
    hello.protocolVersions = office.program.protocolVersions
    let tree = history.newest
    let isNeighbour =
      switch side {
      case .child: tree.map { $0.parent(of: office.region) == peer.region } ?? true
      case .parent: tree?.parent(of: peer.region) == office.region
      }
    let session = Session(
      id: id, peer: peer.index,
      link: Link(
        side: side, peer: peer.region, isNeighbour: isNeighbour, trees: history.names,
        throughput: office.throughputs[peer.index].map { Throughput(after: $0) } ?? Throughput()))
    session.freeAt = now
    office.sessions[id] = session
    office.current[peer.index] = id
    agenda.plan(
      .tick(session: id, at: office.index), at: now + numbers.below(Self.tickMilliseconds))
    try feed(office, id, .opened(hello))
    for lane in Lane.allCases { try feed(office, id, .outboxGrew(lane, position: heads[lane])) }
  }

  func tick(_ office: Office, _ id: Int) throws {
    guard let session = office.sessions[id] else { return }
    agenda.plan(.tick(session: id, at: office.index), at: now + Self.tickMilliseconds)
    noteAcknowledged(office, session)
    // A long frame that is still coming in is a sign of life.
    if let other = offices[session.peer].sessions[id], !other.isBroken, other.freeAt > now {
      try feed(office, id, .heard)
    }
    session.ticks += 1
    guard session.ticks.isMultiple(of: Self.ticksToKeeper) else {
      return try feed(office, id, .tick)
    }
    // A session under which something stays missing begins anew, with a comparison.
    let peer = offices[session.peer].region
    let lacks = try office.store.read { try $0.lacksSomething(of: peer, at: clock(of: office)) }
    let goodbye = Goodbye(reason: .stopping, message: "to compare", retryAfterSeconds: 0)
    try feed(office, id, lacks ? .stop(goodbye) : .tick)
  }

  private func noteAcknowledged(_ office: Office, _ session: Session) {
    for lane in Lane.allCases {
      guard let position = session.noted[lane] else { continue }
      submit(office, session, .noteAcknowledged(lane, position))
    }
    session.noted = LanePair(repeating: nil)
  }

  // MARK: A session's turn.

  /// Gives a session an input and carries out what follows from it.
  func feed(_ office: Office, _ id: Int, _ input: LinkInput) throws {
    guard let session = office.sessions[id] else { return }
    session.inputs.append(input)
    guard !session.isTurning else { return }
    session.isTurning = true
    defer { session.isTurning = false }
    let life = office.life
    while !session.inputs.isEmpty {
      let input = session.inputs.removeFirst()
      session.heed(input)
      for effect in session.link.handle(input, at: now) {
        try carryOut(effect, office, session)
        // A crash, or the end of the session, may come between any two effects.
        if try crashIsDue(office) { return }
        guard office.life == life, office.sessions[id] === session else { return }
      }
      if session.link.isStreaming { session.streamed = true }
    }
  }

  private func carryOut(_ effect: LinkEffect, _ office: Office, _ session: Session) throws {
    switch effect {
    case .send(let frame): try post(frame, frame.approximateBytes, office, session)
    case .sendBatch(let batch):
      try checkBounds(of: batch, in: session)
      try post(.batch(try Batch(batch)), batch.byteCount, office, session)
    case .report(let notices): try heed(notices, office, from: offices[session.peer])
    case .openIncarnation(let former, let claimed):
      try openIncarnation(
        office, leaving: former,
        IncarnationClaim(peer: offices[session.peer].region, incarnation: claimed))
    case .sendRepair(let keys):
      let shipments = try office.store.read { reader in
        var pending = try reader.events(keys)
        var shipments: [Shipment] = []
        while let shipment = try reader.nextShipment(of: &pending) { shipments.append(shipment) }
        return shipments
      }
      for shipment in shipments {
        let frame = Frame.repair(shipment)
        try post(frame, frame.approximateBytes, office, session)
      }
    case .noteAcknowledged(let lane, let position): session.noted[lane] = position
    case .close(let goodbye): try close(office, session, goodbye)
    default:
      if effect.writes {
        submit(office, session, effect)
      } else if let answer = try office.store.read({
        try $0.carryOut(effect, for: offices[session.peer].region, now: clock(of: office))
      }) {
        session.inputs.append(answer)
      }
    }
  }

  private func close(_ office: Office, _ session: Session, _ goodbye: Goodbye) throws {
    trace.note(now) {
      "\(office.region) closes \(session.id) with \(offices[session.peer].region): \(goodbye.reason) \(goodbye.message)"
    }
    noteAcknowledged(office, session)
    drop(office, session, retryAfter: goodbye.retryAfterSeconds)
    planReset(of: session.id, at: offices[session.peer], after: arrival(of: session) - now)
  }

  /// The peer's system tells it that the connection is gone, if anything reaches it.
  private func planReset(of id: Int, at peer: Office, after milliseconds: UInt64) {
    agenda.plan(.reset(session: id, at: peer.index), at: now + milliseconds + 1)
  }

  private func arrival(of session: Session) -> UInt64 { max(session.lastArrival, now) }

  /// The connection is found to be gone.
  func connectionLost(_ office: Office, _ id: Int) throws {
    guard let session = office.sessions[id] else { return }
    let direction = Direction(from: session.peer, to: office.index)
    // Where nothing arrives, only silence tells.
    guard blocked[direction] == nil else { return }
    noteAcknowledged(office, session)
    drop(office, session, retryAfter: nil)
  }

  private func drop(_ office: Office, _ session: Session, retryAfter seconds: UInt32?) {
    office.sessions[session.id] = nil
    office.throughputs[session.peer] = session.link.throughput
    guard session.link.side == .child else { return }
    if session.streamed { office.backoff.reset() }
    planNextDial(office, retryAfter: seconds)
  }

  func stopAll(_ office: Office, _ goodbye: Goodbye) throws {
    for id in office.sessions.keys.sorted() { try feed(office, id, .stop(goodbye)) }
  }
}
