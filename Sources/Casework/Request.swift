import Ledger
package import Regions

/// Who answers what another act asked for (逐级审批): an office above all who asked.
package struct Above: Hashable, Sendable {
  /// The act that asks: a fact or note of the same family.
  package let act: String
  /// The roles that may answer at the city what the city itself asked, each as another person than who
  /// asked; none where nobody may. In ascending order.
  package let top: [String]

  package init(_ act: String, top: [String] = []) {
    self.act = act
    self.top = Set(top).sorted(by: bytesAscend)
  }

  /// Whether an author stands above everybody who asked.
  func admits(_ author: Actor, answering request: Request) -> Bool {
    if author.tier < request.tier { return true }
    return author.tier == .city && top.contains(author.role)
      && !request.accounts.contains(author.account)
  }
}

/// What was asked for by all requests of one act together (申请), so that it does not matter in which
/// order they came.
package struct Request: Hashable, Sendable {
  /// The highest tier that asked.
  package let tier: Tier
  /// The most calendar days asked for; `nil` where no request names any.
  package let days: Int64?
  /// The accounts of the city that asked, in ascending order.
  package let accounts: [String]

  package init(tier: Tier, days: Int64?, accounts: [String]) {
    self.tier = tier
    self.days = days
    self.accounts = accounts
  }

  init(by author: Actor, saying body: CanonicalValue?) {
    self.init(
      tier: author.tier, days: body?[ClockEffect.days]?.integer,
      accounts: author.tier == .city ? [author.account] : [])
  }

  func joined(with other: Request?) -> Request {
    guard let other else { return self }
    return Request(
      tier: min(tier, other.tier), days: [days, other.days].compactMap { $0 }.max(),
      accounts: Set(accounts + other.accounts).sorted(by: bytesAscend))
  }

  /// Whether an answer gives no more days than were asked for.
  func covers(_ body: CanonicalValue?) -> Bool {
    guard let days, let given = body?[ClockEffect.days]?.integer else { return true }
    return given <= days
  }
}

/// What a note or fact is in the course of a request.
enum RequestPart {
  case asks(Request)
  case answers
}

/// How a request stands among an event's ancestors.
enum RequestStanding {
  /// Nobody asked.
  case none
  case open(Request)
  /// It was answered once, which is all that there is.
  case answered
}

extension Judge {
  /// What an answer does, by how the request stands among its ancestors.
  func judge(
    answering input: FoldInput, _ rule: KindRule, _ above: Above, _ body: CanonicalValue?,
    _ standing: RequestStanding
  ) -> Verdict {
    guard case .open(let request) = standing else { return .fails(.notAllowed) }
    guard above.admits(input.author, answering: request) else { return .fails(.notAuthorised) }
    return request.covers(body)
      ? .adds(kind: rule.kind, isReviewed: false, as: .answers) : .fails(.notAllowed)
  }
}
