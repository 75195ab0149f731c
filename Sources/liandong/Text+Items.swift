import Node
import Regions

// Help and answers of the commands on items to rectify.
extension Text {
  static let leadOrderAbstract = Text(zh: "责令整改,逐项立项", en: "order items to rectify")
  static let orderHelp = Text(zh: "责令内容", en: "what is ordered")
  static let itemTextHelp = Text(
    zh: "整改事项,可多次给出;后附 @时间 则有自己的期限", en: "an item, repeatable; TEXT@TIME has a due time of its own")
  static let leadItemAbstract = Text(zh: "整改事项", en: "items to rectify")
  static let leadItemListAbstract = Text(zh: "列出线索的整改事项", en: "list the items of a lead")
  static let leadItemDoneAbstract = Text(zh: "整改到位", en: "say that an item is done")
  static let leadItemCheckedAbstract = Text(
    zh: "复核通过,须另一人", en: "agree that it is done, as another person")
  static let leadItemReturnAbstract = Text(zh: "复核退回", en: "send an item back for more work")
  static let leadItemDropAbstract = Text(zh: "撤销事项", en: "drop an item")
  static let leadItemExtendAbstract = Text(
    zh: "申请延期,或批准所申请的延期", en: "ask for more time, or grant what was asked for")
  static let itemHelp = Text(zh: "整改事项的标识(前几位即可)", en: "(the start of) an item's id")
  static let daysHelp = Text(zh: "天数", en: "days")
  static let itemColumns = [
    Text(zh: "事项", en: "item"), Text(zh: "内容", en: "text"), Text(zh: "环节", en: "stage"),
    Text(zh: "承办", en: "handler"), Text(zh: "期限", en: "due"), Text(zh: "提示", en: "marks"),
  ]
  static let noItems = Text(zh: "没有整改事项", en: "no items to rectify")
  static let nameItem = Text(zh: "整改事项", en: "item")
  static let markOverdue = Text(zh: "逾期", en: "overdue")
  static func markItems(_ open: Int, overdue: Int) -> Text {
    overdue == 0
      ? Text(zh: "整改 \(open) 项未了", en: "\(open) open items")
      : Text(zh: "整改 \(open) 项未了,\(overdue) 项逾期", en: "\(open) open items, \(overdue) overdue")
  }
}

extension ItemAnswer {
  /// The cells of a list, in the order of `Text.itemColumns`.
  func row(in language: Language) -> [String] {
    let deadline = clocks.first { $0.clock == "stage" }?.deadline ?? due
    return [
      id, text ?? "", stageName ?? "", handler.joined(separator: ","), deadline ?? "",
      overdue ? Text.markOverdue.in(language) : "",
    ]
  }
}
