import Casework
import Ledger
import Node

// The duty list and what is routed by it.
extension Text {
  static let dutiesAbstract = Text(
    zh: "职责清单:渠道、类型、部门、谁负责什么",
    en: "the duty list: channels, types, departments, who answers for what")
  static let dutiesCheckAbstract = Text(
    zh: "检查职责清单,逐处报错", en: "check a duty list, each fault with its line")
  static let dutiesShowAbstract = Text(zh: "列出职责清单", en: "list a duty list's rows")
  static let dutiesApplyAbstract = Text(
    zh: "在市级节点下发职责清单", en: "publish a duty list, at the hub")
  static let dutiesListAbstract = Text(
    zh: "列出已下发的职责清单各版本", en: "list the published versions of the duty list")
  static let dutiesFileHelp = Text(zh: "职责清单文件", en: "a duty list")
  static let dutyColumns = [
    Text(zh: "职责", en: "row"), Text(zh: "区域", en: "region"), Text(zh: "类型", en: "types"),
    Text(zh: "部门", en: "department"), Text(zh: "主办", en: "lead unit"),
    Text(zh: "协办", en: "co-units"), Text(zh: "有效期", en: "days"),
  ]
  static let noDuties = Text(zh: "市级尚未下发职责清单", en: "the hub published no duty list")

  static func dutiesGood(file: String, _ list: DutyList) -> Text {
    Text(
      zh:
        "\(file):职责清单 \(list.hash.short) 可用,\(list.channels.count) 个渠道、\(list.departments.count) 个部门、\(list.rows.count) 条职责,\(list.encoded.count) 字节",
      en:
        "\(file): duty list \(list.hash.short) is good: \(list.channels.count) channels, "
        + "\(list.departments.count) departments, \(list.rows.count) rows, "
        + "\(list.encoded.count) bytes")
  }
  static func dutiesApplied(_ answer: DutyApplyAnswer) -> Text {
    let short = String(answer.duties.prefix(12))
    guard answer.changed else {
      return Text(
        zh: "职责清单 \(short) 已是现行版本,没有改动",
        en: "duty list \(short) is in force already: nothing changed")
    }
    let (zh, en) =
      answer.dryRun ? ("将下发(未写)", "would be published") : ("已下发", "published")
    return Text(
      zh: "\(zh):职责清单 \(short),自 \(answer.effectiveFrom) 起有效",
      en: "\(en): duty list \(short), in force from \(answer.effectiveFrom) on")
  }
  static func dutiesVersion(_ answer: DutyAnswer) -> Text {
    let (zh, en) = answer.inForce ? (" 现行", " in force") : ("", "")
    return Text(
      zh: "\(answer.duties) 自 \(answer.effectiveFrom)\(zh) \(answer.rows) 条",
      en: "\(answer.duties) from \(answer.effectiveFrom)\(en), \(answer.rows) rows")
  }
}

// lead route
extension Text {
  static let leadRouteAbstract = Text(
    zh: "按职责清单提出分办建议", en: "propose who handles a lead by the duty list")
  static let onDayHelp = Text(
    zh: "按哪一天的职责清单,默认今天", en: "the day whose duty list counts, today by default")
  static let byRuleHelp = Text(
    zh: "按职责清单分办,不写 --to", en: "dispatch by the duty list, without --to")
  static let toOrByRule = Text(
    zh: "--to 与 --by-rule 恰用其一", en: "give --to or --by-rule, and not both")
  static let nameLeadUnit = Text(zh: "主办", en: "lead unit")
  static let nameCoUnits = Text(zh: "协办", en: "co-units")
  static let nameDutyRule = Text(zh: "依据", en: "rule")
  static let routeDecided = Text(
    zh: "可用 lead dispatch --by-rule 分办", en: "lead dispatch --by-rule will carry it out")
  static let routeOpen = Text(
    zh: "须由人决定:用 lead dispatch --to 写明", en: "a person must decide: lead dispatch --to")

  static func regionBy(_ way: String) -> Text {
    switch way {
    case "field": Text(zh: "线索已写明", en: "the lead says so")
    case "code": Text(zh: "按代码", en: "by its code")
    case "place": Text(zh: "按地点文字", en: "by the place's text")
    case "location": Text(zh: "按最近的办公地点", en: "by the nearest office")
    case "text": Text(zh: "按标题和内容", en: "by title and text")
    default: Text(zh: way, en: way)
    }
  }
  static func regionInDoubt(_ candidates: String) -> Text {
    candidates.isEmpty
      ? Text(
        zh: "地点不明:用 lead describe --field region 写明",
        en: "the place is unknown: say it with lead describe --field region")
      : Text(
        zh: "地点可指 \(candidates):用 lead describe --field region 写明",
        en: "the place may mean \(candidates): say it with lead describe --field region")
  }
  static func routeResult(_ result: String, rows: String) -> Text {
    switch result {
    case "one": Text(zh: "职责 \(rows)", en: "row \(rows)")
    case "tie": Text(zh: "并列:\(rows)", en: "tie of \(rows)")
    case "no_row": Text(zh: "清单中无人负责", en: "no row answers")
    case "no_unit":
      Text(zh: "职责 \(rows) 所指层级在此地没有单位", en: "row \(rows) names a tier that is not here")
    default: Text(zh: result, en: result)
    }
  }
}
