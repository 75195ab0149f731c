package import Ledger

/// A place in one outbox of a peer: how far its entries were durably taken.
package struct Cursor: Hashable, Sendable {
  /// The incarnation of the peer that keeps the outbox.
  package let incarnation: UInt32
  /// The number of entries taken from the beginning on.
  package let position: UInt64
  /// The running hash of those entries; it tells a restored or rewritten outbox from the same one.
  package let running: Hash

  package init(incarnation: UInt32, position: UInt64, running: Hash) {
    self.incarnation = incarnation
    self.position = position
    self.running = running
  }

  /// The beginning of the outbox that this incarnation keeps.
  package static func start(of incarnation: UInt32) -> Cursor {
    Cursor(incarnation: incarnation, position: 0, running: .zero)
  }
}

/// What a node knows of its own cursor in a peer's outbox.
package enum HeldCursor: Hashable, Sendable {
  /// Nothing was ever taken: begin at the start of whatever the peer has.
  case fresh
  case at(Cursor)
  /// In doubt since a repair began; matches nothing, so that a repair that was cut begins again.
  case void
}

/// A head or a cursor for each of the two lanes.
package struct LanePair<Value> {
  package var urgent: Value
  package var bulk: Value

  package init(urgent: Value, bulk: Value) {
    self.urgent = urgent
    self.bulk = bulk
  }

  /// The same value in both lanes.
  package init(repeating value: Value) { self.init(urgent: value, bulk: value) }

  package subscript(lane: Lane) -> Value {
    get { lane == .urgent ? urgent : bulk }
    set { if lane == .urgent { urgent = newValue } else { bulk = newValue } }
  }

  package func map<Other>(_ transform: (Value) -> Other) -> LanePair<Other> {
    LanePair<Other>(urgent: transform(urgent), bulk: transform(bulk))
  }
}

extension LanePair: Sendable where Value: Sendable {}
extension LanePair: Equatable where Value: Equatable {}
extension LanePair: Hashable where Value: Hashable {}
