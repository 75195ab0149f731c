import Regions

/// The texts of reporters' contacts.
extension Text {
  static let leadContactAbstract = Text(zh: "举报人联系方式", en: "the reporter's contact")
  static let leadContactShowAbstract = Text(
    zh: "打开联系方式;查看即记入台账", en: "open it; the look goes into the ledger first")
  static let leadContactDestroyAbstract = Text(
    zh: "办结后令各持有单位销毁密钥", en: "have every holder destroy its key, once the lead is closed")

  static func contactLooks(_ count: Int, keyIsHere: Bool) -> Text {
    Text(
      zh: "联系方式已查看 \(count) 次,密钥\(keyIsHere ? "在" : "不在")本节点",
      en: "contact looked at \(count) times, its key is \(keyIsHere ? "here" : "not here")")
  }

  static func contactDestroyed(by who: String, at time: String, reason: String) -> Text {
    Text(
      zh: "联系方式密钥已销毁:\(who) 于 \(time),理由:\(reason)",
      en: "contact's key destroyed by \(who) at \(time): \(reason)")
  }

  static func contactAcknowledged(_ done: String, outstanding: String) -> Text {
    let (zh, en) = outstanding.isEmpty ? ("无", "nobody") : (outstanding, outstanding)
    return Text(zh: "已确认销毁:\(done);未确认:\(zh)", en: "acknowledged: \(done); still to: \(en)")
  }
}
