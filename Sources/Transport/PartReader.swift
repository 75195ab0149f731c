import GRPCCore

/// The incoming parts of one stream, read one after another by whoever holds the turn: first the
/// session's opening, then its owner, then its closing.
actor PartReader<Part: Sendable> {
  private let parts: RPCAsyncSequence<Part, any Error>
  private var iterator: RPCAsyncSequence<Part, any Error>.AsyncIterator?
  private var isReading = false

  init(_ parts: RPCAsyncSequence<Part, any Error>) { self.parts = parts }

  /// The next part; `nil` at the end.
  ///
  /// - Precondition: nobody else is reading.
  func next() async throws -> Part? {
    precondition(!isReading, "the frames of a session have one reader")
    isReading = true
    var iterator = self.iterator.take() ?? parts.makeAsyncIterator()
    defer {
      self.iterator = iterator
      isReading = false
    }
    return try await iterator.next(isolation: self)
  }
}
