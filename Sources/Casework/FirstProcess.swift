import Regions

extension Process {
  /// The built-in process: leads from report to close, directives with their receipt lines, sealed
  /// contacts, and the reference families that nodes write themselves. Stage keys are those of the
  /// casework table; the stages that stand between inspection and close come with the process file.
  package static let firstCut = shipped([lead, directive, receipt, contact] + referenceFamilies)

  /// A process that comes with the program; entities move to another one by an act of the city.
  static func shipped(_ families: [Family]) -> Process {
    do {
      return try Process(families: families, movers: Actors(tiers: [.city]))
    } catch {
      preconditionFailure("a built-in process contradicts itself: \(error)")
    }
  }

  private static let lead = Family(
    name: "lead", chinese: "线索", english: "lead",
    stages: [
      Stage("dispatch", "分办", "to be dispatched"),
      Stage("sign", "签收", "to be signed for"),
      Stage("returned", "退回", "returned"),
      Stage("inspect", "现场检查", "under inspection"),
      Stage("closed", "办结", "closed", isClosing: true),
    ],
    fields: [
      Field("place", .text), Field("region", .region), Field("title", .text), Field("text", .text),
      Field("types", .texts), Field("location", .location), Field("respondent", .text),
    ],
    kinds: [
      KindRule("lead.reported", "上报", "reported", .found(.actor)),
      KindRule("lead.described", "补正", "described", .field),
      KindRule(
        "lead.dispatched", "分办", "dispatched",
        .move(from: ["dispatch", "sign", "returned", "inspect"], to: "sign", .named)),
      KindRule(
        "lead.withdrawn", "撤回", "dispatch withdrawn",
        .move(from: ["sign"], to: "dispatch", .actor), by: Actors(places: [.giver])),
      KindRule(
        "lead.signed", "签收", "signed for", .move(from: ["sign"], to: "inspect", .keeps),
        by: Actors(places: [.handler])),
      KindRule(
        "lead.returned", "退回", "returned",
        .move(from: ["sign", "inspect"], to: "returned", .giver),
        by: Actors(places: [.handler])),
      KindRule("lead.inspected", "现场检查", "inspected", .fact),
      KindRule("lead.progressed", "办理进展", "progressed", .fact),
      KindRule("lead.closed", "办结", "closed", .move(from: ["inspect"], to: "closed", .keeps)),
      KindRule("lead.reopened", "重办", "reopened", .move(from: ["closed"], to: "dispatch", .actor)),
    ])

  private static let directive = Family(
    name: "directive", chinese: "指令", english: "directive",
    stages: [
      Stage("issued", "已下发", "issued"),
      Stage("completed", "已完成", "completed", isClosing: true),
      Stage("cancelled", "已撤销", "cancelled"),
    ],
    kinds: [
      KindRule(
        "directive.issued", "下发", "issued", .found(.actor),
        by: Actors(tiers: [.city, .district])),
      KindRule(
        "directive.cancelled", "撤销", "cancelled",
        .move(from: ["issued"], to: "cancelled", .keeps), by: Actors(places: [.founder])),
      KindRule(
        "directive.completed", "完成", "completed",
        .move(from: ["issued"], to: "completed", .keeps), by: Actors(places: [.founder])),
    ],
    founderRanksFirst: true)

  private static let receipt = Family(
    name: "receipt", chinese: "回执", english: "receipt line",
    stages: [
      Stage("open", "待签收", "not yet received"),
      Stage("received", "已签收", "received"),
      Stage("completed", "已完成", "completed", isClosing: true),
    ],
    kinds: [
      KindRule(
        "receipt.opened", "建立回执", "opened", .found(.named),
        by: Actors(tiers: [.city, .district])),
      KindRule(
        "receipt.received", "签收", "received", .move(from: ["open"], to: "received", .keeps),
        by: Actors(places: [.handler])),
      KindRule(
        "receipt.fed_back", "反馈", "fed back", .fact, by: Actors(places: [.handler, .founder])),
      KindRule(
        "receipt.completed", "完成", "completed",
        .move(from: ["received"], to: "completed", .keeps), by: Actors(places: [.handler])),
    ],
    founderRanksFirst: true)

  private static let contact = Family(
    name: "contact", chinese: "举报人联系方式", english: "reporter's contact",
    stages: [Stage("sealed", "已密封", "sealed")],
    kinds: [KindRule("contact.sealed", "密封", "sealed", .found(.actor))])

  private static let referenceFamilies = [
    Family(
      name: "origin", chinese: "节点起点", english: "origin",
      stages: [Stage("open", "启用", "open")],
      kinds: [
        KindRule("origin.opened", "启用", "opened", .found(.actor)),
        KindRule(
          "origin.renewed", "换证", "renewed", .whole(slot: "certificate"),
          by: Actors(places: [.founder])),
      ]),
    Family(
      name: "tree", chinese: "区域树", english: "tree of regions",
      stages: [Stage("published", "发布", "published")],
      kinds: [
        KindRule(
          "tree.published", "发布", "published", .found(.actor), by: Actors(tiers: [.city]))
      ]),
    Family(
      name: "region", chinese: "区域", english: "region",
      stages: [Stage("described", "已登记", "described")],
      kinds: [
        KindRule(
          "region.described", "登记", "described", .found(.actor), by: Actors(tiers: [.city])),
        KindRule(
          "region.changed", "变更", "changed", .whole(slot: "attributes"),
          by: Actors(tiers: [.city])),
      ]),
  ]
}
