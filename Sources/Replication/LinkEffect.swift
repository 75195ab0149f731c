package import Ledger
import Regions

/// What a link asks its node to do. Effects of one input are carried out in order.
package enum LinkEffect: Sendable {
  case send(Frame)
  /// Send a part of an outbox as it was read from the store.
  case sendBatch(OutgoingBatch)
  /// Verify and store hub-signed trees; then `treesLearned`.
  case learn(Shipment)
  /// Read the commits of these trees for the peer, in shipments of a bounded size; then `treesRead`.
  case readTrees([Hash])
  /// Compare the peer's cursors with our outboxes; then `cursorsJudged`.
  case judgeCursors(LanePair<HeldCursor>)
  /// Read the outbox from this position on; then `outboxRead`.
  case readOutbox(Lane, from: UInt64, maximumBytes: Int)
  /// Verify, store and route a batch in one transaction; then `taken`. The cursor moves to the
  /// batch's end in the same transaction only where asked.
  case take(Batch, movesCursor: Bool)
  /// The peer's durable cursor stands at this position, before or behind what was noted.
  case noteCursor(Lane, at: UInt64)
  /// The peer's durable cursor reached this position.
  case noteAcknowledged(Lane, UInt64)
  /// In one transaction: void our cursors of the peer, append a random mark to each outbox, note the
  /// heads and the set; then `repairBegan`.
  case beginRepair
  /// Read these events of the noted set and send them, in frames `repair` of a bounded size. Each is
  /// read when the connection has taken the one before.
  case sendRepair([SetKey])
  /// Verify, store and route events that a repair brought; then `repairTaken`.
  case takeRepair(Shipment)
  /// The repair has ended: set our cursors of the peer.
  case finishRepair(LanePair<Cursor>)
  /// The peer set commits aside that we sent.
  case report([SetAsideNotice])
  /// Our store was replaced unnoticed, as a bare cursor of the peer says: leave this incarnation, if
  /// it is still ours, and dial again. `claimed` is the highest of ours that the cursor names.
  case openIncarnation(leaving: UInt32, claimed: UInt32)
  /// End the session. The goodbye was sent already where one was due.
  case close(Goodbye)
}

extension LinkEffect {
  /// Whether the peer will hear something.
  var sends: Bool {
    switch self {
    case .send, .sendBatch, .sendRepair: true
    default: false
    }
  }
}

/// What happens to a link.
package enum LinkInput: Sendable {
  /// The connection stands and the peer's certificate was accepted.
  case opened(Hello)
  case received(Frame)
  /// Bytes came that make no frame yet.
  case heard
  /// The trees of a `learn` were stored.
  case treesLearned(isNew: Bool)
  case treesRead([Shipment])
  case cursorsJudged(LanePair<CursorVerdict>)
  /// An outbox of this peer has entries up to `position`.
  case outboxGrew(Lane, position: UInt64)
  case outboxRead(OutgoingBatch, chains: [KeyName: CertificateChain])
  case taken(Lane, end: Cursor, movedCursor: Bool, setAside: [SetAsideNotice])
  case repairBegan(NotedHeads, NotedSet)
  /// The events that came, whether stored or set aside.
  case repairTaken([Hash], setAside: [SetAsideNotice])
  /// Time has passed.
  case tick
  /// The node ends the session.
  case stop(Goodbye)
}

/// What a node finds when it compares a peer's cursor with the outbox that it points into.
package enum CursorVerdict: Hashable, Sendable {
  /// It proves what the peer holds; sending goes on from here.
  case resumes(at: UInt64)
  /// It points into an outbox of another incarnation, or is void.
  case mismatch
  /// It contradicts the outbox of this very incarnation, or names a later one of ours: this store
  /// was replaced unnoticed.
  case contradictsOurs(incarnation: UInt32)
}
