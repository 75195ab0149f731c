import Ledger
import Regions

extension Process {
  /// The process of accounts (账号) and of what goes with them: a built-in one, since nodes need their
  /// accounts before any process has arrived.
  ///
  /// It tells tiers and roles; that an author stands at or above the account's region is for whoever
  /// reads the account, since the fold knows no tree.
  package static let accounts = shipped([account, demand, recovery])

  private static let account = Family(
    name: Account.family, chinese: "账号", english: "account",
    stages: [Stage("active", "启用", "active"), Stage("revoked", "停用", "revoked")],
    kinds: [
      KindRule(
        AccountOpening.kind, "开户", "opened", .found(.named), by: administrators,
        demands: [
          Demand(Field("name", .text), "账号名", "name"),
          Demand(Field("person", .text), "姓名", "the person's name"),
          Demand(Field("roles", .texts), "角色", "roles"),
          Demand(Field("verifier", .any), "口令校验值", "verifier"),
        ]),
      KindRule(
        "account.assigned", "授予角色", "assigned", .whole(slot: Account.assignmentSlot),
        by: administrators, demands: [Demand(Field("roles", .texts), "角色", "roles")]),
      KindRule(
        "account.password", "设置口令", "password set", .whole(slot: Account.verifierSlot)),
      KindRule(
        "account.revoked", "停用", "revoked", .move(from: ["active"], to: "revoked", .keeps),
        by: administrators),
      KindRule(
        "account.restored", "恢复", "restored", .move(from: ["revoked"], to: "active", .keeps),
        by: administrators),
      KindRule(
        "account.code_told", "告知一次性口令", "one-time code told", .note, by: administrators),
    ])

  private static let demand = Family(
    name: AccountDemand.family, chinese: "账号制度", english: "demand for accounts",
    stages: [Stage("demanded", "已施行", "demanded")],
    kinds: [
      KindRule(
        AccountDemand.kind, "施行账号制度", "demanded", .found(.actor),
        by: Actors(tiers: [.city], roles: [AccountRole.administrator.rawValue]))
    ])

  private static let recovery = Family(
    name: RecoverySeal.family, chinese: "口令恢复密钥", english: "recovery secret",
    stages: [Stage("sealed", "已密封", "sealed")],
    kinds: [KindRule(RecoverySeal.kind, "密封", "sealed", .found(.actor))])

  private static let administrators = Actors(
    tiers: [.district, .city], roles: [AccountRole.administrator.rawValue])
}
