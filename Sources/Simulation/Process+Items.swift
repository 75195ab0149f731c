import Casework
import Regions

extension Process {
  /// The stage of an item that is to be done, and the stage of a lead under rectification.
  static let mendStage = "mend"
  private static let rectifyStage = "rectify"

  /// What the third rules file adds to leads.
  static let rectifyStages = [Stage(rectifyStage, "整改", "under rectification")]
  static let rectifyKinds = [
    KindRule(
      ItemKind.order, "责令整改", "rectification ordered",
      .move(from: ["inspect"], to: rectifyStage, .keeps), by: Actors(places: [.handler])),
    KindRule(
      ItemKind.rectified, "整改完成", "rectified",
      .move(from: [rectifyStage], to: "inspect", .keeps)),
  ]

  /// An item to rectify; its limit is of one length, so that the city knows it without the body.
  static let item = Family(
    name: ItemKind.family, chinese: "整改事项", english: "item to rectify",
    stages: [
      limited(Stage(mendStage, "待整改", "to be rectified")),
      Stage("mended", "待复核", "to be checked", keepsActor: true),
      Stage("checked", "已复核", "checked", isClosing: true),
      Stage("dropped", "已撤销", "dropped", isEnd: true),
    ],
    kinds: [
      KindRule(ItemKind.ordered, "立项", "ordered", .found(.named)),
      KindRule(
        "item.done", "整改到位", "done", .move(from: [mendStage], to: "mended", .keeps),
        by: Actors(places: [.handler])),
      KindRule(
        "item.checked", "复核通过", "checked", .move(from: ["mended"], to: "checked", .keeps),
        by: Actors(isAnother: true)),
      KindRule(
        "item.returned", "复核退回", "sent back", .move(from: ["mended"], to: mendStage, .keeps)),
      KindRule(
        "item.dropped", "撤销", "dropped",
        .move(from: [mendStage, "mended"], to: "dropped", .keeps),
        by: Actors(places: [.giver, .founder])),
      KindRule(
        ItemKind.handedOn, "随线索移交", "handed on",
        .move(from: [mendStage], to: mendStage, .named)),
      KindRule(ItemKind.followed, "随线索告知", "shown", .note),
      KindRule(
        Process.warnedKind(of: ItemKind.family), "预警", "warned", .note,
        by: Actors(tiers: [.city, .district], roles: ["system"])),
    ])
}
