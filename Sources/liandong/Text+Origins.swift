import Node

// Help and answers of the commands on origins and on what waits.
extension Text {
  static let originAbstract = Text(zh: "起点(节点及其代次)", en: "origins: node incarnations")
  static let originListAbstract = Text(zh: "列出已知的起点", en: "list the origins that are known")
  static let originCloseAbstract = Text(
    zh: "封存密钥或台账失窃的起点(仅市级)", en: "at the hub, close an origin whose key or store was stolen")
  static let originRegionHelp = Text(zh: "起点所属区域", en: "the origin's region")
  static let incarnationHelp = Text(zh: "代次", en: "incarnation")
  static let throughHelp = Text(
    zh: "此序号之后的提交一律无效,默认保留已收到的全部", en: "the last good sequence, default all that is held")
  static let exceptHelp = Text(
    zh: "无效的提交(哈希或其前 8 位以上)", en: "commits that are not good, by (the start of) their hashes")
  static let originColumns = [
    Text(zh: "区域", en: "region"), Text(zh: "代次", en: "incarnation"),
    Text(zh: "提交", en: "commits"), Text(zh: "末序号", en: "last seq"),
    Text(zh: "无效", en: "barred"), Text(zh: "提示", en: "marks"),
  ]
  static let originOwn = Text(zh: "本节点", en: "this node's")
  static let originClosed = Text(zh: "已封存", en: "closed")
  static func originClosing(_ answer: OriginCloseAnswer) -> Text {
    let origin = "\(answer.region)#\(answer.incarnation)"
    let (zh, en) = answer.dryRun ? ("将封存", "would close") : ("已封存", "closed")
    return Text(
      zh: "\(zh) \(origin):保留提交 \(answer.good),无效 \(answer.barred)",
      en: "\(en) \(origin): \(answer.good) commits stay good, \(answer.barred) have no effect")
  }
  static let originClosedNext = Text(
    zh: "该节点收到后须重启,以新代次办理;若密钥失窃,应先换发密钥和证书",
    en:
      "once that node has it, it must be restarted and begins a new incarnation; where its key was "
      + "stolen, give it a new key and certificate first")

  static let waitingAbstract = Text(zh: "待补齐的事项", en: "what is held and cannot be folded yet")
  static let waitingListAbstract = Text(
    zh: "列出待补齐的事项、所缺内容及解决办法", en: "list what waits, for what, and who can end it")
  static let declareLostAbstract = Text(
    zh: "宣告事件缺失(仅市级)", en: "at the hub, declare events lost that nobody holds")
  static let waitingEntityHelp = Text(zh: "事项标识,或线索编号", en: "an entity's id, or a lead's number")
  static let lostEventsHelp = Text(
    zh: "缺失的事件,默认全部", en: "the missing events, default all of them")
  static let nothingWaits = Text(zh: "没有待补齐的事项", en: "nothing waits")
  static let sinceUnknown = Text(zh: "不详", en: "unknown")
  static func waits(_ name: String, id: String, events: Int, since: String) -> Text {
    let shown = name == id ? id : "\(name)(\(id))"
    return Text(
      zh: "\(shown):\(events) 条待补齐,始于 \(since)",
      en: "\(shown): \(events) events wait since \(since)")
  }
  static func needsEvent(_ hash: String) -> Text { Text(zh: "缺事件 \(hash)", en: "event \(hash)") }
  static func needsRules(_ hash: String) -> Text {
    Text(zh: "缺流程文件 \(hash)", en: "rules file \(hash)")
  }
  static let waitEnds = [
    "neighbour": Text(zh: "邻近节点下次比对时补齐", en: "a neighbour by the next comparison"),
    "hub": Text(zh: "市级宣告缺失", en: "the hub by declaring it lost"),
    "upgrade": Text(zh: "升级本节点", en: "an upgrade of this node"),
    "rules_file": Text(zh: "市级下发流程文件", en: "the hub's rules file"),
  ]
  static func waitEndedBy(_ who: [String]) -> Text {
    Text(
      zh: "可由以下方式解决:" + who.joined(separator: "、"),
      en: "ended by " + who.joined(separator: ", or "))
  }
  static let waitsForNobody = Text(
    zh: "分支过多,本版本无法计算,请报市级", en: "its history branches too much to be folded; tell the hub")
  static func declaredLost(_ id: String, lost: Int, missing: Int) -> Text {
    Text(
      zh: "\(id):已宣告 \(lost) 个事件缺失,尚缺 \(missing) 个",
      en: "\(id): \(lost) events are declared lost, \(missing) are missing still")
  }
}
