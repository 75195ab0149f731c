import Ledger
import Regions
import Replication

/// The lines between offices.
extension City {
  /// Sends a frame: it takes its time on the line, and what is lost is sent again, as TCP does.
  func post(_ frame: Frame, _ bytes: Int, _ office: Office, _ session: Session) throws {
    try checkBounds(of: frame, bytes: bytes)
    let direction = Direction(from: office.index, to: session.peer)
    let line = profile.line
    let good = 1_000 - min(line.lossPermille, 900)
    let carrying = UInt64(bytes) * 8 * 1_000 / line.bitsPerSecond * 1_000 / good
    session.freeAt = max(session.freeAt, now) + carrying
    var at = session.freeAt + line.roundTripMilliseconds / 2
    at += numbers.below(line.roundTripMilliseconds / 4 + 1)
    var again = 0
    while again < 6, numbers.permille(line.lossPermille) {
      again += 1
      at += line.roundTripMilliseconds << UInt64(again - 1)
    }
    if let until = heldUp[direction] {
      if until > now { at = max(at, until) } else { heldUp[direction] = nil }
    }
    at = max(at, session.lastArrival)
    session.lastArrival = at
    // A connection whose direction once lost something carries nothing in that direction any more.
    if blocked[direction] != nil { session.isBroken = true }
    guard !session.isBroken else { return }
    agenda.plan(.frame(frame, session: session.id, at: session.peer), at: at)
    if duplicates.remove(direction) != nil {
      agenda.plan(.frame(frame, session: session.id, at: session.peer), at: at)
    }
  }
}
