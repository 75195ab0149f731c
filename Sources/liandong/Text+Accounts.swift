import Node
import Regions

// Help and answers of the commands on accounts, sessions and one-time codes.
extension Text {
  static let accountAbstract = Text(zh: "账号", en: "accounts")
  static let accountBootstrapAbstract = Text(
    zh: "在市级开设首个管理员账号,并施行账号制度", en: "at the hub: the first administrator; demands accounts")
  static let accountAddAbstract = Text(zh: "开设账号", en: "open an account")
  static let accountListAbstract = Text(zh: "列出本节点持有的账号", en: "list the accounts held here")
  static let accountShowAbstract = Text(zh: "显示一个账号", en: "show an account")
  static let accountRolesAbstract = Text(zh: "授予角色(替换原有)", en: "give roles, in place of the former")
  static let accountPasswordAbstract = Text(
    zh: "更改自己的口令,或由管理员另设口令", en: "set one's own password, or as administrator another's")
  static let accountRevokeAbstract = Text(zh: "停用账号", en: "revoke an account")
  static let accountRestoreAbstract = Text(zh: "恢复账号", en: "give a revoked account back")
  static let accountLoginAbstract = Text(
    zh: "登录,打印会话令牌供 LIANDONG_SESSION 使用", en: "log on; prints the token for LIANDONG_SESSION")
  static let accountLogoutAbstract = Text(
    zh: "结束 LIANDONG_SESSION 的会话", en: "end the session of LIANDONG_SESSION")
  static let accountAuditAbstract = Text(
    zh: "账号审计:当时无此角色的提交", en: "commits whose account had not that role at that time")
  static let accountCodeAbstract = Text(
    zh: "离线找回口令:一次性口令", en: "a forgotten password offline: one-time codes")
  static let codeChallengeAbstract = Text(
    zh: "生成报给上级的验证码", en: "what is read out to the office above")
  static let codeAnswerAbstract = Text(
    zh: "在上级节点算出一次性口令", en: "at the office above: the code to tell the person")
  static let codeUseAbstract = Text(zh: "凭一次性口令另设口令", en: "set another password by the code")

  static let whoHelp = Text(zh: "账号名,@ 之前的部分", en: "the name before the @")
  static let personHelp = Text(zh: "姓名", en: "the person's name")
  static let accountRegionHelp = Text(
    zh: "可登录的区域,默认本节点", en: "where it may log on, default this node's region")
  static let grantHelp = Text(zh: "角色,可多个", en: "roles, one or more")
  static let accountHelp = Text(
    zh: "账号 名@区域,本区域的可只写名", en: "NAME@REGION, or NAME for one of this region")
  static let ownAccountHelp = Text(zh: "账号,默认自己的", en: "the account, default one's own")
  static let newPasswordFileHelp = Text(
    zh: "存有新口令的文件(仅本人可读),默认在终端输入",
    en: "file with the new password, readable by its owner alone; default asks")
  static let challengeHelp = Text(zh: "对方报出的验证码", en: "what the person read out")
  static let codeHelp = Text(zh: "上级告知的一次性口令", en: "the code that was told")

  static func passwordOf(_ account: String) -> Text {
    Text(zh: "\(account) 的口令:", en: "password of \(account):")
  }
  static func newPasswordOf(_ account: String) -> Text {
    Text(zh: "\(account) 的新口令(12 个字符以上):", en: "new password of \(account), 12 characters or more:")
  }
  static let newPasswordAgain = Text(zh: "再输入一次:", en: "once more:")
  static let passwordsDiffer = Text(
    zh: "两次输入的口令不同,请重来", en: "the two passwords differ; begin anew")
  static let noPassword = Text(
    zh: "须有口令:请在终端运行,或用文件给出(现口令 LIANDONG_PASSWORD_FILE,新口令 --new-password-file)",
    en:
      "a password is needed: run it at a terminal, or give a file (LIANDONG_PASSWORD_FILE for the "
      + "present one, --new-password-file for a new one)")
  static let noAccountNamed = Text(
    zh: "请用 --as 写明以哪个账号办理", en: "name the account that acts with --as")

  static func account(_ answer: AccountAnswer) -> Text {
    let unit = answer.department.value.map { " \($0)" } ?? ""
    let (state, roles) = (accountState(answer.state), answer.roles.joined(separator: ", "))
    return Text(
      zh: "\(answer.account) \(answer.person)\(unit):\(state.in(.zh));角色 \(roles)",
      en: "\(answer.account) \(answer.person)\(unit): \(state.in(.en)); roles \(roles)")
  }
  static func accountState(_ word: String) -> Text {
    switch word {
    case "active": Text(zh: "启用", en: "active")
    case "revoked": Text(zh: "停用", en: "revoked")
    default: Text(zh: "来源无权,不可用", en: "written by others, not to be used")
    }
  }
  static let accountColumns = [
    Text(zh: "账号", en: "account"), Text(zh: "姓名", en: "person"),
    Text(zh: "部门", en: "department"), Text(zh: "角色", en: "roles"), Text(zh: "状态", en: "state"),
    Text(zh: "会话", en: "sessions"),
  ]
  static let accountsDemanded = Text(
    zh: "自此凡写入须凭账号;各节点收到后同样施行",
    en: "whoever writes needs an account now, and elsewhere once it arrives")
  static func loggedIn(_ answer: LoginAnswer) -> Text {
    Text(
      zh: "\(answer.account) 已登录,至迟 \(answer.expiresAt) 结束;请设 LIANDONG_SESSION",
      en: "\(answer.account) is logged on until \(answer.expiresAt); set LIANDONG_SESSION")
  }
  static let loggedOut = Text(zh: "已退出", en: "logged out")
  static func passwordSet(_ account: String) -> Text {
    Text(
      zh: "\(account):口令已设,原有会话全部结束",
      en: "\(account): the password is set, all its sessions are over")
  }
  static func codeChallenge(_ answer: CodeChallengeAnswer) -> Text {
    Text(
      zh: "请电话报给上级,\(answer.expiresAt) 前有效",
      en: "read it out to the office above by \(answer.expiresAt)")
  }
  static let codeAnswer = Text(
    zh: "确认对方身份后电话告知;只能用一次", en: "tell it once you are sure who is on the telephone; it serves once"
  )

  private static let findingReasons = [
    "unknown_account": Text(zh: "无此账号", en: "no such account"),
    "elsewhere": Text(zh: "账号不属该区域", en: "the account is not of that region"),
    "not_opened": Text(zh: "当时尚未开户", en: "it was not opened yet"),
    "revoked": Text(zh: "当时已停用", en: "it was revoked"),
    "role_not_held": Text(zh: "当时无此角色", en: "it had not that role"),
  ]
  static func accountFinding(_ finding: AccountFinding) -> Text {
    let reason = findingReasons[finding.reason]
    let place = "\(finding.at) \(finding.region)#\(finding.seq) \(finding.account) \(finding.role)"
    return Text(
      zh: "\(place):\(reason?.in(.zh) ?? finding.reason)",
      en: "\(place): \(reason?.in(.en) ?? finding.reason)")
  }
  static func accountFindings(_ count: Int) -> Text {
    Text(zh: "发现 \(count) 项", en: "\(count) findings")
  }
}

// Help and answers of the commands on duty shifts.
extension Text {
  static let shiftAbstract = Text(zh: "值班", en: "duty shifts")
  static let shiftStartAbstract = Text(zh: "接班", en: "begin one's shift")
  static let shiftHandOverAbstract = Text(zh: "交班", en: "hand the shift over")
  static let shiftListAbstract = Text(zh: "列出值班", en: "list shifts")
  static let shiftRegionHelp = Text(zh: "只列该区域", en: "of that region alone")
  static let handOverNoteHelp = Text(zh: "交班记录", en: "what the next one must know")
  static let reliefHelp = Text(zh: "接班账号", en: "the account that takes over")

  static func shift(_ answer: ShiftAnswer) -> Text {
    let place = answer.department.value.map { "\(answer.region)/\($0)" } ?? answer.region
    let note = answer.note.value.map { ": \($0)" } ?? ""
    guard let until = answer.until.value else {
      return Text(
        zh: "\(place) \(answer.account) 自 \(answer.from) 在岗",
        en: "\(place) \(answer.account) on duty since \(answer.from)")
    }
    return Text(
      zh: "\(place) \(answer.account) \(answer.from) 至 \(until)\(note)",
      en: "\(place) \(answer.account) \(answer.from) to \(until)\(note)")
  }
}
