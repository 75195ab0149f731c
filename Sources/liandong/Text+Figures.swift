import Node

// Figures, samples and early warnings.
extension Text {
  static let figuresAbstract = Text(
    zh: "统计:接报、办结率、立案与结案、同比", en: "figures: received, closed, filed, against last year")
  static let figuresFromHelp = Text(
    zh: "起始时间(含),默认当年 1 月 1 日", en: "from when on, the beginning of the year by default")
  static let figuresUntilHelp = Text(zh: "截止时间(不含),默认当前", en: "until before when, now by default")
  static let placesHelp = Text(
    zh: "百分率的小数位,0 至 4,默认 2", en: "decimal places of rates, 0 to 4, 2 by default")
  static let figureColumns = [
    Text(zh: "区域", en: "region"), Text(zh: "接报", en: "received"),
    Text(zh: "办结", en: "closed"), Text(zh: "办结率%", en: "rate in %"),
  ]
  static func figures(_ answer: FigureAnswer) -> [Text] {
    func percent(_ rate: String?) -> String { rate.map { "\($0)%" } ?? "-" }
    return [
      Text(
        zh: "\(answer.from) 至 \(answer.until):接报 \(answer.received) 件,办结 \(answer.closed) 件,"
          + "办结率 \(percent(answer.closingRate));另作废 \(answer.voided) 件",
        en:
          "\(answer.from) to \(answer.until): \(answer.received) received, \(answer.closed) closed, "
          + "\(percent(answer.closingRate)); \(answer.voided) voided beside"),
      Text(
        zh: "立案 \(answer.filed) 起,结案 \(answer.concluded) 起,结案率 \(percent(answer.concludingRate))",
        en:
          "\(answer.filed) filed, \(answer.concluded) concluded, \(percent(answer.concludingRate))"
      ),
      Text(
        zh: "上年同期接报 \(answer.receivedYearBefore) 件,同比 \(percent(answer.growth))",
        en: "\(answer.receivedYearBefore) in the same time of the year before, growth "
          + percent(answer.growth)),
    ]
  }

  static let sampleAbstract = Text(
    zh: "抽样核查:按区域分层,由种子定出", en: "draws closed leads for verification, by region, from a seed")
  static let sampleSizeHelp = Text(zh: "抽取件数", en: "how many leads")
  static let sampleSeedHelp = Text(
    zh: "种子,同一种子抽出同样的线索", en: "any text; the same one draws the same leads")
  static let sampleFromHelp = Text(
    zh: "办结时间从何时起,默认截止前 7 天", en: "closed from when on, seven days by default")
  static let sampleRecordHelp = Text(zh: "在线索上记下抽中", en: "note the draw on each lead")
  static let sampleColumns = [
    Text(zh: "编号", en: "number"), Text(zh: "抽样层", en: "stratum"),
    Text(zh: "层内件数", en: "of"), Text(zh: "办结时间", en: "closed"),
    Text(zh: "标题", en: "title"),
  ]
  static let nothingToSample = Text(zh: "该时段没有办结的线索", en: "no lead was closed in that time")

  static let earlyAbstract = Text(
    zh: "分析预警:同一地点、对象、类型的线索骤增", en: "where reports heap up: a place, a respondent, a type")
  static let earlyDaysHelp = Text(
    zh: "看最近几天,与再往前同样天数相比,默认 14",
    en: "days looked at, and compared with as many before, 14 by default")
  static let earlyLeastHelp = Text(zh: "至少几件,默认 3", en: "from how many reports on, 3 by default")
  static let earlyPercentHelp = Text(
    zh: "达到此前的百分之几,默认 200", en: "from how many percent of those before on, 200 by default")
  static let hotSpotColumns = [
    Text(zh: "共同点", en: "what"), Text(zh: "内容", en: "value"), Text(zh: "区域", en: "region"),
    Text(zh: "件数", en: "reports"), Text(zh: "此前", en: "before"),
  ]
  static let noHotSpots = Text(zh: "没有骤增的线索", en: "nothing heaps up")
  static func hotSpotKind(_ kind: String) -> Text {
    switch kind {
    case "place": Text(zh: "地点", en: "place")
    case "respondent": Text(zh: "被反映单位", en: "respondent")
    default: Text(zh: "类型", en: "type")
    }
  }
}
