import Casework
import Regions

extension Process {
  /// A third rules file, which no program brings along: the hub publishes it while the city is at work.
  /// Beside the second it has what only offices under a full process do: reports of incidents, stops and
  /// extensions of clocks, evidence, a close by two persons, items to
  /// rectify, and supervision cases.
  static let third: Process = {
    let families = second.families.map { $0.name == "lead" ? thirdLead($0) : $0 }
    do {
      return try Process(
        families: families + [item, supervision], movers: Actors(tiers: [.city, .district]))
    } catch {
      preconditionFailure("the third process contradicts itself: \(error)")
    }
  }()

  /// The kinds of the third rules file that stop, resume and extend clocks.
  static let clockKinds = ["lead.suspended", "lead.resumed", "lead.extension_granted"]

  private static func thirdLead(_ second: Family) -> Family {
    let kinds = second.kinds.map { rule -> KindRule in
      switch rule.kind {
      case "lead.dispatched":
        KindRule(
          rule.kind, rule.chinese, rule.english,
          .move(from: rule.permittedStages + ["ruling"], to: "sign", .named), by: rule.actors)
      case "lead.returned":
        KindRule(
          rule.kind, rule.chinese, rule.english, rule.effect, by: rule.actors,
          successor: "lead.escalated")
      default: rule
      }
    }
    return Family(
      name: second.name, chinese: second.chinese, english: second.english,
      stages: second.stages + [
        limited(Stage("ruling", "管辖裁定", "jurisdiction to be ruled on")),
        Stage("merged", "并入", "merged", isEnd: true),
        Stage("verify", "审核", "to be verified", keepsActor: true),
      ] + rectifyStages, fields: second.fields, kinds: kinds + leadKinds + rectifyKinds,
      total: second.total)
  }

  /// The kind that asks for an extension.
  static let extensionRequested = "lead.extension_requested"
  private static let days = Demand(Field(ClockEffect.days, .number), "天数", "days")

  private static let leadKinds = [
    KindRule(
      "lead.escalated", "报裁", "escalated",
      .move(from: ["sign", "inspect"], to: "ruling", .named), by: Actors(places: [.handler])),
    KindRule(
      IncidentLink.linkedKind, "并入事件", "merged",
      .move(from: ["dispatch"], to: "merged", .keeps),
      demands: [Demand(Field(IncidentLink.entry, .text), "事件", "incident")]),
    KindRule(
      IncidentLink.partedKind, "脱离事件", "separated",
      .move(from: ["merged"], to: "dispatch", .actor)),
    KindRule(
      "lead.submitted", "提请审核", "submitted",
      .move(from: ["dispatch", "inspect"], to: "verify", .keeps)),
    KindRule(
      "lead.approved", "审核通过", "approved", .move(from: ["verify"], to: "closed", .keeps),
      by: Actors(isAnother: true)),
    KindRule("lead.evidence_added", "附证据", "evidence added", .fact),
    KindRule(clockKinds[0], "中止计时", "clock suspended", .note, clock: .suspends),
    KindRule(clockKinds[1], "恢复计时", "clock resumed", .note, clock: .resumes),
    KindRule(
      clockKinds[2], "批准延期", "extension granted", .note,
      by: Actors(tiers: [.city, .district], above: Above(extensionRequested, top: ["officer"])),
      demands: [days], clock: .extends),
    KindRule(
      extensionRequested, "申请延期", "extension asked for", .note,
      by: Actors(places: [.handler]), demands: [days]),
  ]

  private static let supervision = Family(
    name: "supervision", chinese: "监督案件", english: "supervision case",
    stages: [
      Stage("opened", "待受理", "to be accepted"), Stage("accepted", "核查", "under examination"),
      Stage("suggested", "待答复", "to be answered"), Stage("replied", "已答复", "answered"),
      Stage("concluded", "结案", "concluded", isClosing: true),
    ],
    kinds: [
      KindRule(
        SupervisionOpening.kind, "立案监督", "opened", .found(.actor),
        by: Actors(tiers: [.city, .district], roles: ["system"])),
      KindRule(
        "supervision.accepted", "受理", "accepted", .move(from: ["opened"], to: "accepted", .actor)),
      KindRule(
        "supervision.supervisory_suggested", "监察建议", "supervisory suggestion",
        .move(from: ["accepted", "replied"], to: "suggested", .named)),
      KindRule(
        "supervision.replied", "答复", "answered", .move(from: ["suggested"], to: "replied", .giver),
        by: Actors(places: [.handler])),
      KindRule(
        concludedKind, "结案", "concluded",
        .move(from: ["accepted", "replied"], to: "concluded", .keeps)),
    ])

  /// The kind that ends a supervision case.
  static let concludedKind = "supervision.concluded"
}
