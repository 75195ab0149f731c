import Node
import Regions

extension ConflictAnswer {
  /// How many digits of the superseded event's hash a list shows; as many name it to a command.
  private static let shownDigits = 12

  /// The name by which a person decides on it.
  private var shortID: String {
    let loser = id.split(separator: "/").last ?? ""
    return "\(number ?? entity)/\(loser.prefix(Self.shownDigits))"
  }

  /// The cells of a list, in the order of `Text.conflictColumns`.
  func row(in language: Language) -> [String] {
    [
      shortID, Text.slot(slot).in(language), winner.brief, loser.brief,
      rule.map { Text.mergeRule($0).in(language) } ?? "", owner,
      decision.map { Text.verdict($0.verdict).in(language) }
        ?? frozenSince.map { Text.markFrozen($0).in(language) } ?? "", title ?? "",
    ]
  }

  /// Both versions in full.
  func lines(in language: Language) -> [String] {
    var lines: [String] = []
    func add(_ name: Text, _ value: String?) {
      guard let value, !value.isEmpty else { return }
      lines.append("\(name.in(language)): \(value.printableLine)")
    }
    add(.nameConflict, shortID)
    add(.nameTitle, title)
    add(.nameSlot, Text.slot(slot).in(language))
    add(.nameWinner, winner.account(in: language))
    add(.nameLoser, loser.account(in: language))
    for difference in differences {
      let (winner, loser) = (difference.winner ?? "-", difference.loser ?? "-")
      add(.nameDifference, "\(difference.entry): \(winner) | \(loser)")
    }
    add(.nameRule, rule.map { Text.mergeRule($0).in(language) })
    add(.nameOwner, owner)
    add(
      .nameDecision,
      decision.map { "\(Text.verdict($0.verdict).in(language))  \($0.event.author)" }
        ?? Text.undecided.in(language))
    add(.nameCopy, frozenSince.map { Text.markFrozen($0).in(language) })
    return lines
  }
}

extension TimelineLine {
  /// What was done, to what and where, in a cell.
  fileprivate var brief: String {
    ([kindName] + said + [region]).joined(separator: " ")
  }

  /// Who did it and when.
  fileprivate var author: String { "\(region)/\(tier)  \(actor) (\(role))  \(at)" }

  /// The version with its author, its times and its hash.
  fileprivate func account(in language: Language) -> String {
    let accepted = Text.acceptedHere(acceptedAt).in(language)
    return ([kindName] + said + [author, accepted, event]).joined(separator: "  ")
  }
}
