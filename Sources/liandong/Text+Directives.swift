import Node

// Help and answers of the commands on directives.
extension Text {
  static let directiveAbstract = Text(zh: "指令", en: "directives")
  static let directiveIssueAbstract = Text(zh: "下发指令", en: "issue a directive")
  static let directiveListAbstract = Text(zh: "列出指令", en: "list directives")
  static let directiveShowAbstract = Text(
    zh: "查看指令及各方回执", en: "show a directive and its receipts")
  static let directiveReadAbstract = Text(zh: "阅知指令", en: "tell that it was read")
  static let directiveAcceptAbstract = Text(zh: "签收指令", en: "accept a directive")
  static let directiveFeedbackAbstract = Text(zh: "反馈", en: "report back")
  static let directiveCompleteAbstract = Text(
    zh: "完成(下发单位为整件,接收单位为本单位部分)", en: "declare it, or one's own part of it, done")
  static let directiveVerifyAbstract = Text(zh: "核实某单位已完成", en: "agree that a part is done")
  static let directiveReturnAbstract = Text(
    zh: "退回某单位补办", en: "send a part back for more work")
  static let directiveSupersedeAbstract = Text(
    zh: "以另一件指令替代", en: "put another directive in its place")
  static let directiveCancelAbstract = Text(zh: "撤销指令", en: "take a directive back")
  static let directiveHelp = Text(zh: "指令标识(前几位即可)", en: "(the start of) a directive's id")
  static let issueToHelp = Text(
    zh: "接收单位:区域,或 区域:部门", en: "recipients, each REGION or REGION:DEPARTMENT")
  static let toAllHelp = Text(zh: "下发给全部下级", en: "to all regions below")
  static let issueLeadHelp = Text(zh: "关联线索", en: "leads that it is about")
  static let attachHelp = Text(zh: "附件文件", en: "files that go with it")
  static let supersedesHelp = Text(
    zh: "所替代的指令,其未办结的回执随之终止", en: "the directive in whose place it comes")
  static let successorHelp = Text(zh: "取而代之的指令", en: "the one that takes its place")
  static let overdueHelp = Text(zh: "仅列超期的在办指令", en: "only those under way and overdue")
  static let receiptRegionHelp = Text(
    zh: "对哪个区域的回执,默认本区域", en: "whose receipt line, default one's own")
  static let receiptDepartmentHelp = Text(
    zh: "该区域有多件回执时,哪个部门的", en: "which of the region's lines, where it has several")
  static let directiveColumns = [
    Text(zh: "标识", en: "id"), Text(zh: "状态", en: "stage"), Text(zh: "来自", en: "from"),
    Text(zh: "下发时间", en: "issued"), Text(zh: "期限", en: "due"),
    Text(zh: "待签/在办/完成/终止", en: "open/accepted/done/ended"), Text(zh: "标题", en: "title"),
  ]
  static let noDirectives = Text(zh: "没有指令", en: "no directives")
  static let nameSuccessor = Text(zh: "替代指令", en: "superseded by")
  static let nameLinkedLead = Text(zh: "关联线索", en: "lead")
  static let nameAttachment = Text(zh: "附件", en: "attachment")
  static let leadNotHeld = Text(zh: "本节点没有", en: "not held here")
  static func directiveIssued(_ id: String, recipients: Int) -> Text {
    Text(zh: "已下发 \(id),共 \(recipients) 个单位", en: "issued \(id) to \(recipients) recipients")
  }
  static func unreadable(_ lead: UnreadableLead) -> Text {
    let recipients = lead.recipients.joined(separator: ", ")
    let name = lead.number ?? lead.id
    return Text(
      zh: "线索 \(name) 不在这些单位,看不到:\(recipients);如须查看,请先分办给它们",
      en: "the lead \(name) cannot be read by \(recipients); dispatch it to them if they need it")
  }
}
