import Node

// Warnings and the cases of the discipline inspectors.
extension Text {
  static let warningAbstract = Text(zh: "预警", en: "warnings")
  static let warningListAbstract = Text(zh: "列出预警", en: "list warnings")
  static let warningSweepAbstract = Text(
    zh: "写入已到期的预警(运行中的节点每分钟自动进行)",
    en: "write the warnings that are due, as a running node does each minute"
  )
  static let warningLevelHelp = Text(
    zh: "只列某一等级:yellow|orange|red", en: "one level alone: yellow|orange|red")
  static let warningColumns = [
    Text(zh: "编号", en: "number"), Text(zh: "等级", en: "level"), Text(zh: "事由", en: "reason"),
    Text(zh: "环节", en: "stage"), Text(zh: "预警时间", en: "since"), Text(zh: "预警单位", en: "by"),
  ]
  static let nameWarning = Text(zh: "预警", en: "warning")
  static let noWarnings = Text(zh: "没有预警", en: "no warnings")

  static func swept(_ answer: WarningSweepAnswer) -> Text {
    Text(
      zh: "查看 \(answer.examined) 件,写入预警 \(answer.warnings) 条,立案监督 \(answer.supervisions) 件",
      en:
        "\(answer.examined) cases looked at, \(answer.warnings) warnings written, \(answer.supervisions) supervision cases opened"
    )
  }

  static func breachName(_ word: String) -> Text {
    switch word {
    case "late": Text(zh: "做得晚", en: "late")
    case "slow": Text(zh: "做得慢", en: "slow")
    default: Text(zh: "做不对", en: "wrong")
    }
  }

  static func procedureName(_ word: String) -> Text {
    switch word {
    case "one_officer": Text(zh: "一人检查", en: "one officer alone")
    case "penalty_before_notice": Text(zh: "未告知即处罚", en: "penalty before notice")
    case "closed_without_recheck": Text(zh: "未经后督查办结", en: "closed without recheck")
    case "same_officer_rechecks": Text(zh: "原检查人员后督查", en: "the same officer rechecks")
    case "back_dated": Text(zh: "时间不实", en: "a time that cannot be")
    case "returned_again": Text(zh: "重复退回", en: "returned again")
    default: Text(zh: word, en: word)
    }
  }

  static let supervisionAbstract = Text(
    zh: "监督案件(纪检监察)", en: "supervision cases of the discipline inspectors")
  static let supervisionListAbstract = Text(zh: "列出监督案件", en: "list supervision cases")
  static let supervisionShowAbstract = Text(
    zh: "查看监督案件及经过", en: "show a supervision case with its history")
  static let supervisionActAbstract = Text(
    zh: "办理监督案件的任一操作", en: "carry out any act of a supervision case")
  static let supervisionHelp = Text(zh: "监督案件编号或其开头", en: "a case's id or its beginning")
  static let supervisionOpenHelp = Text(zh: "只列未结案件", en: "only those that are not concluded")
  static let supervisionColumns = [
    Text(zh: "案件", en: "case"), Text(zh: "环节", en: "stage"), Text(zh: "线索", en: "lead"),
    Text(zh: "被监督单位", en: "unit"), Text(zh: "等级", en: "level"), Text(zh: "立案时间", en: "opened"),
    Text(zh: "承办", en: "handler"),
  ]
  static let noSupervisions = Text(zh: "没有监督案件", en: "no supervision cases")
}
