/// Bytes from the other side that are no frame, or one beyond a bound.
package struct MalformedFrame: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where in the frame, as a path of the fields of `liandong.proto`, for example `batch.items[3]`.
  package let place: String
  /// What is wrong there.
  package let reason: String

  package init(_ reason: String, at place: String) {
    self.reason = reason
    self.place = place
  }

  package var description: String { "\(place): \(reason)" }

  /// The same fault, seen from the message around it.
  func inside(_ outer: String) -> MalformedFrame {
    MalformedFrame(reason, at: place.isEmpty ? outer : "\(outer).\(place)")
  }
}
