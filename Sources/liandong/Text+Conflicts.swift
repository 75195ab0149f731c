// Help and answers of the conflict desk.
extension Text {
  static let conflictAbstract = Text(zh: "冲突处理", en: "the conflict desk")
  static let conflictListAbstract = Text(zh: "列出未决冲突", en: "list open conflicts")
  static let conflictShowAbstract = Text(zh: "查看冲突双方的内容", en: "show both versions of a conflict")
  static let conflictConfirmAbstract = Text(zh: "维持暂定结果", en: "let the provisional winner stay")
  static let conflictRedoAbstract = Text(
    zh: "重办被取代的一方", en: "issue the superseded change anew")
  static let conflictHelp = Text(
    zh: "线索编号或事项标识,多处冲突时加“/”和被取代事件散列值的前几位",
    en: "a lead's number or an id; of several conflicts add / and the start of the loser's hash")
  static let conflictAllHelp = Text(zh: "已处理的也列出", en: "list the decided ones as well")
  static let ownerHelp = Text(zh: "只列应由某区域处理的", en: "only what this region is to decide")
  static let slotHelp = Text(zh: "只看某一项,如 stage、place", en: "only this slot, as in stage or place")
  static let winnerHelp = Text(
    zh: "所见暂定有效一方的散列值(前几位),已变则不予办理", en: "refuse where the winner is another than this")
  static let noConflicts = Text(zh: "没有冲突", en: "no conflicts")
  static let conflictColumns = [
    Text(zh: "冲突", en: "conflict"), Text(zh: "项目", en: "slot"), nameWinner, nameLoser,
    nameRule, nameOwner, nameDecision, Text(zh: "标题", en: "title"),
  ]
  static let nameConflict = Text(zh: "冲突", en: "conflict")
  static let nameSlot = Text(zh: "项目", en: "slot")
  static let nameWinner = Text(zh: "暂定有效", en: "stands")
  static let nameLoser = Text(zh: "被取代", en: "superseded")
  static let nameRule = Text(zh: "依据", en: "rule")
  static let nameOwner = Text(zh: "处理单位", en: "to decide")
  static let nameDecision = Text(zh: "决定", en: "decision")
  static let nameDifference = Text(zh: "不同之处", en: "differs")
  static let nameCopy = Text(zh: "本节点副本", en: "this copy")
  static let undecided = Text(zh: "未决", en: "open")
  static func acceptedHere(_ time: String) -> Text {
    Text(zh: "本节点收到 \(time)", en: "accepted here \(time)")
  }

  static func verdict(_ word: String) -> Text {
    switch word {
    case "confirmed": Text(zh: "维持", en: "confirmed")
    case "redone": Text(zh: "重办", en: "redone")
    default: Text(zh: word, en: word)
    }
  }

  static func mergeRule(_ word: String) -> Text {
    switch word {
    case "founder": Text(zh: "发起单位优先", en: "the issuer first")
    case "rank": Text(zh: "上级优先", en: "the higher tier first")
    case "time": Text(zh: "先办优先", en: "the earlier first")
    case "hash": Text(zh: "其余相同,按散列值", en: "all else equal, by hash")
    default: Text(zh: word, en: word)
    }
  }

  /// The name of what two changes contend for.
  static func slot(_ name: String) -> Text {
    switch name {
    case "stage": Text(zh: "环节与承办", en: "stage and handler")
    case "rules": Text(zh: "流程", en: "rules")
    case "place": namePlace
    case "region": nameRegion
    case "title": nameTitle
    case "text": nameText
    case "types": nameTypes
    case "location": nameLocation
    case "respondent": nameRespondent
    default: Text(zh: name, en: name)
    }
  }
}
