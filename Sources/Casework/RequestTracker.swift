/// Follows requests and their answers through the graph.
///
/// An answer is judged by its own ancestors: who asked among them, and that none of them answered. So the
/// answers that are allowed are concurrent, and the first of them in the merge order is the one.
///
/// The work is bounded by answers times requests and answers.
struct RequestTracker {
  private var asked: [String: [(position: Int, request: Request)]] = [:]
  private var added: [String: [Int]] = [:]
  private var answers: [String: [Int]] = [:]

  mutating func pass(_ position: Int, adding kind: String, as part: RequestPart?) {
    added[kind, default: []].append(position)
    switch part {
    case .asks(let request): asked[kind, default: []].append((position, request))
    case .answers: answers[kind, default: []].append(position)
    case nil: break
    }
  }

  /// How what `act` asks stands before an event of the kind that answers.
  func standing(
    of act: String, answeredBy kind: String, before position: Int, in graph: EventGraph
  ) -> RequestStanding {
    let isAnswered = added[kind]?.contains { graph.isAncestor($0, of: position) } ?? false
    if isAnswered { return .answered }
    let request = asked[act]?.reduce(nil as Request?) { joined, next in
      graph.isAncestor(next.position, of: position) ? next.request.joined(with: joined) : joined
    }
    return request.flatMap { $0 }.map { .open($0) } ?? .none
  }

  /// What was asked for in all, by act.
  var requests: [String: Request] {
    asked.compactMapValues { requests in
      requests.reduce(nil as Request?) { $1.request.joined(with: $0) }
    }
  }

  /// The answers that come too late, for another stands.
  func late(by order: MergeOrder) -> Set<Int> {
    var late: Set<Int> = []
    for positions in answers.values {
      let first = positions.min { order.precedes($0, $1) }
      late.formUnion(positions.filter { $0 != first })
    }
    return late
  }
}
