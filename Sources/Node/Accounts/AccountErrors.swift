import Casework
import Regions

extension CommandError.Code {
  /// Accounts are demanded, and no session that holds was given.
  package static let loginRequired = Self("login_required")
  /// Name and password do not fit, or the account may not log on here; nobody learns which.
  package static let loginFailed = Self("login_failed")
  /// Too many attempts in vain.
  package static let throttled = Self("login_throttled")
  /// A one-time code that is wrong, over or used.
  package static let codeRefused = Self("code_refused")
}

extension CommandError {
  static let loginRequired = CommandError(
    .loginRequired, .refused,
    zh: "本节点须凭账号办理:请先 liandong account login,并设 LIANDONG_SESSION;"
      + "或用 --as 写明账号,口令放在 LIANDONG_PASSWORD_FILE 所指文件",
    en: "this node demands an account: run `liandong account login` and set LIANDONG_SESSION, or "
      + "name the account with --as and put the password into the file LIANDONG_PASSWORD_FILE names"
  )

  static let sessionOver = CommandError(
    .loginRequired, .refused, zh: "会话已结束(超时、停用或口令已改),请重新 liandong account login",
    en: "the session is over (unused, revoked, or the password changed): log on anew")

  static let loginFailed = CommandError(
    .loginFailed, .refused, zh: "账号或口令不对,或该账号不能在本节点登录;请核对,忘记口令请联系上级管理员",
    en: "account and password do not fit, or the account may not log on at this node: check both; "
      + "an administrator above can set another password")

  static let accountsNotDemanded = CommandError(
    .notReady, .refused, zh: "本节点尚未施行账号制度:请先在市级节点 liandong account bootstrap",
    en: "no accounts are demanded here yet: run `liandong account bootstrap` at the hub first")

  static let codeRefused = CommandError(
    .codeRefused, .refused, zh: "一次性口令不对、已过期或已用过;请核对,或重新 account code challenge",
    en: "the code is wrong, over or used: check it, or begin anew with `account code challenge`")

  static func throttled(milliseconds: UInt64) -> CommandError {
    let seconds = (milliseconds + 999) / 1_000
    return CommandError(
      .throttled, .refused, zh: "尝试次数过多,请 \(seconds) 秒后再试",
      en: "too many attempts: try again in \(seconds) seconds")
  }

  static func noSuchAccount(_ text: String) -> CommandError {
    CommandError(
      .notFound, .badData, zh: "本节点没有账号“\(text)”;请用 account list 核对",
      en: "this node holds no account '\(text)'; check it with account list")
  }
}
