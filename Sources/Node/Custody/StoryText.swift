package import Regions

extension StoryRecord {
  /// The record as lines for people. What offices wrote cannot steer a terminal.
  package func lines(in language: Language) -> [String] {
    let words = StoryWords(language: language)
    let lines =
      switch self {
      case .head(let head): words.lines(of: head)
      case .line(let line): words.lines(of: line)
      }
    return lines.map(\.printableLine)
  }
}

/// The words of a story in one language.
private struct StoryWords {
  /// How many digits of a hash are shown.
  private static let shownDigits = 12

  let language: Language

  private func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

  private func short(_ hash: String) -> String { String(hash.prefix(Self.shownDigits)) }

  func lines(of head: StoryHead) -> [String] {
    var lines = [
      [head.number ?? head.lead, head.title ?? "", head.stageName ?? ""]
        .filter { !$0.isEmpty }.joined(separator: "  "),
      say("机构:", "offices: ")
        + head.offices.map { [$0.name, $0.region].compactMap { $0 }.joined(separator: " ") }
        .joined(separator: ", ")
        + (head.officesLeftOut == 0
          ? "" : say(",另有 \(head.officesLeftOut) 个未列", ", and \(head.officesLeftOut) more")),
    ]
    for conflict in head.conflicts {
      let verdict = conflict.verdict.map { say("已处理 \($0)", "decided: \($0)") }
      lines.append(
        say("冲突 ", "conflict ") + "\(conflict.slot): "
          + say("生效 ", "stands ") + short(conflict.winner) + say(",未生效 ", ", lost ")
          + short(conflict.loser) + "  [\(verdict ?? say("待处理", "open"))]")
    }
    for need in head.missing { lines.append(say("缺少 ", "missing ") + need) }
    return lines
  }

  func lines(of line: StoryLine) -> [String] {
    let event = line.event
    let office = [line.regionName, "\(event.region)/\(event.tier)"].compactMap { $0 }
    var lines = [
      [
        "\(line.place). \(event.at)", event.kindName, office.joined(separator: " "),
        "\(event.actor) (\(event.role))", "#\(short(event.event))", effect(of: line),
      ].joined(separator: "  ")
    ]
    let told = event.details.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    if !told.isEmpty { lines.append("    " + told.joined(separator: "; ")) }
    if let at = event.claimedAt {
      let due = event.claimedDue.map { say(",限期 ", ", due ") + $0 } ?? ""
      lines.append(
        "    " + say("原系统所载 ", "by the older system ")
          + [at, event.claimedBy].compactMap { $0 }.joined(separator: " ") + due)
    }
    let source = line.from.map { say(",来自 \($0)", " from \($0)") } ?? ""
    var facts = [say("本节点受理 ", "accepted here ") + event.acceptedAt + source]
    if let stage = line.stageName { facts.append(say("其后环节 ", "stage after: ") + stage) }
    if let clock = line.clock { facts.append(say("时限 ", "clock: ") + self.clock(clock)) }
    for parent in line.missingParents {
      facts.append(say("缺少前一事件 ", "parent missing: ") + short(parent))
    }
    lines.append("    " + facts.joined(separator: "; "))
    lines += line.known.map { known in
      "    \(known.region)  \(say("最迟", "by")) \(known.since)  \(basis(of: known))"
    }
    if !line.notKnown.isEmpty {
      lines.append("    " + say("未知:", "not known: ") + line.notKnown.joined(separator: ", "))
    }
    return lines
  }

  private func effect(of line: StoryLine) -> String {
    let rule = line.rule.map { " (\($0))" } ?? ""
    return switch line.event.effect {
    case "effective": say("[生效]", "[effective]")
    case "waiting":
      say("[待同步:", "[waits for ") + line.event.waitsFor.joined(separator: ", ") + "]"
    default: say("[未生效:", "[no effect: ") + line.event.effect + rule + "]"
    }
  }

  private func clock(_ word: String) -> String {
    switch word {
    case "starts": say("环节计时开始", "the stage's clock starts")
    case "suspends": say("中止", "suspended")
    case "resumes": say("恢复", "resumed")
    case "extends": say("延期", "extended")
    default: word
    }
  }

  private func basis(of known: StoryLine.Known) -> String {
    switch known.by {
    case "wrote":
      say("(该机构签署了 #", "(it signed #") + short(known.event ?? "") + say(",该机构时钟)", ", its clock)")
    case "accepted": say("(本节点受理)", "(accepted here)")
    case "sent": say("(该机构发来,本节点时钟)", "(it sent it here, this node's clock)")
    case "acknowledged": say("(该机构确认收到,本节点时钟)", "(it acknowledged it, this node's clock)")
    default: "(\(known.by))"
    }
  }
}
