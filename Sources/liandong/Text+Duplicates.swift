import Node

// Duplicates, incidents and hard cases.
extension Text {
  static let duplicatesAbstract = Text(
    zh: "查重:可能反映同一件事的线索", en: "leads that may be about the same thing")
  static let incidentsAbstract = Text(
    zh: "列出事件及并入的线索数", en: "incidents with the number of their reports")
  static let hardCasesAbstract = Text(
    zh: "疑难件:重复反映、反复重办、久拖不决", en: "hard cases: repeated, reopened, long-running")
  static let leastHelp = Text(
    zh: "最低分,1 至 100,默认 22", en: "the lowest score, 1 to 100, 22 by default")
  static let hardReportsHelp = Text(
    zh: "并入的线索达几件为重复反映,默认 3", en: "reports linked from which on it is repeated, 3 by default")
  static let hardReopeningsHelp = Text(
    zh: "重办达几次为反复重办,默认 1", en: "reopenings from which on it is reopened, 1 by default")
  static let hardDaysHelp = Text(
    zh: "反映后多少天未了结为久拖不决,默认 60", en: "days without an end from which on it is long, 60 by default")
  static let noDuplicates = Text(zh: "没有相似的线索", en: "no lead looks like it")
  static let noIncidents = Text(zh: "没有事件", en: "no incidents")
  static let noHardCases = Text(zh: "没有疑难件", en: "no hard cases")
  private static let columnNumber = Text(zh: "编号", en: "number")
  private static let columnStage = Text(zh: "环节", en: "stage")
  private static let columnTitle = Text(zh: "标题", en: "title")
  static let duplicateColumns = [
    columnNumber, Text(zh: "得分", en: "score"), columnStage, Text(zh: "反映时间", en: "reported"),
    columnTitle, Text(zh: "理由", en: "why"),
  ]
  static let incidentColumns = [
    columnNumber, Text(zh: "线索数", en: "reports"), columnStage, columnTitle,
  ]
  static let hardCaseColumns = [
    columnNumber, columnStage, columnTitle, Text(zh: "理由", en: "why"),
  ]

  static func likeText(_ hundredths: Int) -> Text {
    Text(zh: "文字 \(hundredths)%", en: "text \(hundredths)%")
  }
  static let likeRespondent = Text(zh: "被反映单位相同", en: "same respondent")
  static let likePlace = Text(zh: "地点相同", en: "same place")
  static func likeDistance(_ metres: Int) -> Text {
    Text(zh: "相距 \(metres) 米", en: "\(metres) m away")
  }
  static func likeDays(_ days: Int) -> Text { Text(zh: "相隔 \(days) 天", en: "\(days) days apart") }
  static let unlikeTypes = Text(zh: "类型不同", en: "other types")
  static func likeIncident(_ id: String) -> Text {
    Text(zh: "已并入 \(id)", en: "linked to \(id)")
  }
  static func hardCase(_ why: String, _ answer: HardCaseAnswer) -> Text {
    switch why {
    case "repeated": Text(zh: "重复反映 \(answer.reports) 件", en: "\(answer.reports) reports")
    case "reopened":
      Text(zh: "重办 \(answer.reopenings) 次", en: "reopened \(answer.reopenings) times")
    case "long_running": Text(zh: "已 \(answer.days) 天", en: "\(answer.days) days")
    default: Text(zh: why, en: why)
    }
  }
  static func incidentOf(_ lead: String, stage: String) -> Text {
    Text(zh: "并入事件:\(lead)  \(stage)", en: "linked to incident: \(lead)  \(stage)")
  }
  static let incidentEnded = Text(
    zh: "事件已了结,本线索可用 lead act LEAD incident_handled 进入回访",
    en: "the incident has ended: lead act LEAD incident_handled takes this report on")
  static func reportOf(_ lead: String, stage: String) -> Text {
    Text(zh: "并入的线索:\(lead)  \(stage)", en: "report: \(lead)  \(stage)")
  }
}
