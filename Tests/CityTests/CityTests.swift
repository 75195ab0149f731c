import Testing

/// The suites that run whole nodes as processes, one test after another and each for a limited time.
@Suite(.serialized, .timeLimit(.minutes(5))) enum CityTests {}

/// What a test of real processes met that is no matter of an expectation.
struct CityFault: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Looks again and again until the condition holds.
///
/// - Parameter description: what is waited for, for the error.
/// - Throws: `CityFault` where it does not hold in time; what the condition throws.
func eventually(
  _ description: String, within limit: Duration = .seconds(30),
  _ condition: () throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + limit
  while try !condition() {
    guard ContinuousClock.now < deadline else {
      throw CityFault("within \(limit) it did not come about that \(description)")
    }
    try await Task.sleep(for: .milliseconds(20))
  }
}
