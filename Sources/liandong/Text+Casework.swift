import Node

// Help and answers of the commands on leads.
extension Text {
  static let actorHelp = Text(
    zh: "办理人账号,默认取会话的,或本机用户名", en: "the account that acts, default the session's")
  static let roleHelp = Text(
    zh: "办理人角色,账号只有一个时可省", en: "the role in which it acts; may be left out where it has one")

  // lead
  static let leadAbstract = Text(zh: "线索", en: "leads")
  static let leadReportAbstract = Text(zh: "上报线索", en: "take a lead in")
  static let leadListAbstract = Text(zh: "列出线索", en: "list leads")
  static let leadShowAbstract = Text(zh: "查看线索及其全过程", en: "show a lead and its history")
  static let leadDescribeAbstract = Text(zh: "补正一项内容", en: "set or clear a field")
  static let leadDispatchAbstract = Text(zh: "分办", en: "hand a lead to regions")
  static let leadWithdrawAbstract = Text(zh: "撤回分办", en: "take a dispatch back")
  static let leadSignAbstract = Text(zh: "签收", en: "sign for a lead")
  static let leadReturnAbstract = Text(zh: "退回", en: "give a lead back")
  static let leadInspectAbstract = Text(zh: "记录现场检查", en: "record an inspection")
  static let leadProgressAbstract = Text(zh: "记录办理进展", en: "record progress")
  static let leadCloseAbstract = Text(zh: "办结", en: "close a lead")
  static let leadReopenAbstract = Text(zh: "重办", en: "open a closed lead again")
  static let leadHelp = Text(zh: "线索编号,或其标识(前几位即可)", en: "a lead's number or (the start of) its id")
  static let channelHelp = Text(zh: "渠道,如 hotline_12345", en: "channel key")
  static let titleHelp = Text(zh: "标题", en: "title")
  static let textHelp = Text(zh: "内容", en: "text")
  static let reportedHelp = Text(zh: "举报时间,默认现在", en: "when it was reported, default now")
  static let placeHelp = Text(zh: "地点", en: "place in words")
  static let leadRegionHelp = Text(zh: "线索所在区域", en: "the region it is about")
  static let typeHelp = Text(zh: "污染类型,可多次给出", en: "pollution type, repeatable")
  static let latitudeHelp = Text(zh: "纬度", en: "degrees north")
  static let longitudeHelp = Text(zh: "经度", en: "degrees east")
  static let respondentHelp = Text(zh: "被举报单位", en: "whom the report accuses")
  static let reporterNameHelp = Text(zh: "举报人姓名,密封保存", en: "reporter's name, kept sealed")
  static let reporterContactHelp = Text(
    zh: "举报人联系方式,密封保存", en: "reporter's contact, kept sealed")
  static let urgentHelp = Text(zh: "走紧急通道", en: "on the urgent lane")
  static let stageHelp = Text(zh: "只列某一环节", en: "only this stage")
  static let listRegionHelp = Text(zh: "只列与某区域有关的", en: "only what concerns this region")
  static let handlerHelp = Text(zh: "只列由某区域承办的", en: "only what this region handles")
  static let mineHelp = Text(zh: "只列由本区域承办的", en: "only what this node's region handles")
  static let beforeHelp = Text(zh: "接着上一页的最后一件", en: "go on after this one")
  static let limitHelp = Text(zh: "最多列几件", en: "at most so many")
  static let fieldHelp = Text(zh: "要补正的项,如 place", en: "the field, for example place")
  static let valueHelp = Text(zh: "新值,不给则清空", en: "the value; without it the field is cleared")
  static let dispatchToHelp = Text(zh: "承办区域,主办在前", en: "regions, the lead unit first")
  static let departmentHelp = Text(zh: "部门", en: "department key")
  static let dueHelp = Text(zh: "期限", en: "when it is due")
  static let noteHelp = Text(zh: "备注", en: "note")
  static let reasonHelp = Text(zh: "理由", en: "reason")
  static let findingHelp = Text(zh: "检查情况", en: "what was found")
  static let resultHelp = Text(zh: "办理结果", en: "result")
  static let leadColumns = [
    Text(zh: "编号", en: "number"), Text(zh: "环节", en: "stage"), Text(zh: "承办", en: "handler"),
    Text(zh: "举报时间", en: "reported"), Text(zh: "区域", en: "region"),
    Text(zh: "标题", en: "title"), Text(zh: "提示", en: "marks"),
  ]
  static let noLeads = Text(zh: "没有符合条件的线索", en: "no such leads")
  static func leadReported(_ number: String, _ id: String) -> Text {
    Text(zh: "已上报,编号 \(number)(\(id))", en: "reported as \(number) (\(id))")
  }
  static func acted(_ answer: ActAnswer) -> Text {
    let name = answer.number ?? answer.id
    let stage = answer.stageName ?? ""
    let further = (answer.also ?? []).map { LeadTable.printable($0.name) }.joined(separator: ", ")
    let (zh, en) = further.isEmpty ? ("", "") : (";同时:\(further)", "; along with it: \(further)")
    return Text(
      zh: "已办理 \(name),现处:\(stage)\(zh)", en: "done: \(name) is now \(stage)\(en)")
  }

  // Marks and names of fields.
  static func markFrozen(_ time: String) -> Text {
    Text(zh: "已划出,截至 \(time)", en: "moved away, as of \(time)")
  }
  static let markWaiting = Text(zh: "待同步", en: "waiting")
  static let claimed = Text(zh: "原系统所载", en: "by the older system")
  static let markPartly = Text(zh: "含不认识的内容,请升级", en: "partly understood, upgrade")
  static let markReview = Text(zh: "已办结待复核", en: "closed, review needed")
  static func markConflicts(_ count: Int) -> Text {
    Text(zh: "\(count) 处冲突", en: "\(count) conflict\(count == 1 ? "" : "s")")
  }
  static func markLevel(_ level: String) -> Text {
    switch level {
    case "reminder": Text(zh: "将到期", en: "due soon")
    case "yellow": Text(zh: "黄色预警", en: "yellow warning")
    case "orange": Text(zh: "橙色预警", en: "orange warning")
    case "red": Text(zh: "红色预警", en: "red warning")
    default: Text(zh: level, en: level)
    }
  }
  static let clockSuspended = Text(zh: "已中止计时", en: "suspended")
  static func remaining(seconds: Int64) -> Text {
    let minutes = seconds.magnitude / 60
    let (days, hours, rest) = (minutes / 1_440, minutes / 60 % 24, minutes % 60)
    let (zh, en) = ("\(days) 天 \(hours) 小时 \(rest) 分", "\(days) d \(hours) h \(rest) min")
    return seconds < 0
      ? Text(zh: "已超期 \(zh)", en: "overdue by \(en)")
      : Text(zh: "还剩 \(zh)", en: "\(en) left")
  }
  static func nameClock(_ clock: String) -> Text {
    clock == "total"
      ? Text(zh: "全程时限", en: "due in all") : Text(zh: "环节时限", en: "stage due")
  }
  static func ineffective(_ reason: String) -> Text {
    Text(zh: "未生效:\(reason)", en: "no effect: \(reason)")
  }
  static let nameNumber = Text(zh: "编号", en: "number")
  static let nameID = Text(zh: "标识", en: "id")
  static let nameTitle = Text(zh: "标题", en: "title")
  static let nameStage = Text(zh: "环节", en: "stage")
  static let nameHandler = Text(zh: "承办", en: "handler")
  static let nameDepartment = Text(zh: "部门", en: "department")
  static let nameDue = Text(zh: "期限", en: "due")
  static let nameRegion = Text(zh: "区域", en: "region")
  static let nameFounder = Text(zh: "来自", en: "from")
  static let nameChannel = Text(zh: "渠道", en: "channel")
  static let nameReported = Text(zh: "举报时间", en: "reported")
  static let nameIssued = Text(zh: "下发时间", en: "issued")
  static let namePlace = Text(zh: "地点", en: "place")
  static let nameTypes = Text(zh: "类型", en: "types")
  static let nameLocation = Text(zh: "坐标", en: "location")
  static let nameRespondent = Text(zh: "被举报单位", en: "respondent")
  static let nameText = Text(zh: "内容", en: "text")
  static let nameMarks = Text(zh: "提示", en: "marks")
  static let nameSealedTo = Text(zh: "联系方式密封给", en: "contact sealed to")
  static let nameReporter = Text(zh: "举报人", en: "reporter")
  static let nameContact = Text(zh: "联系方式", en: "contact")
}
