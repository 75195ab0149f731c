extension Text {
  static let demoAbstract = Text(zh: "在本机演示一座城市", en: "a city of seven nodes on this machine")
  static let demoJSONHelp = Text(zh: "把结果写成 JSON 文件", en: "write the result as JSON")
  static let demoInputHelp = Text(zh: "从文件导入线索", en: "take the leads from a file")
  static let demoLeadsHelp = Text(zh: "自拟线索的数量", en: "how many leads to make up")
  static let demoHomeHelp = Text(
    zh: "在此目录下建立演示城市,默认 TMPDIR", en: "the folder in which the city is made, else TMPDIR")
  static let demoInterrupted = Text(zh: "演示已被中止", en: "the demonstration was interrupted")
  static let demoDisagrees = Text(
    zh: "各级不一致,或有库校验不通过", en: "holders disagree, or a store does not verify")
  static func demoFailed(_ reason: String, folder: String) -> Text {
    Text(zh: "\(reason);各节点目录保留在 \(folder)", en: "\(reason); the folders stay in \(folder)")
  }
  static let demoKeepHelp = Text(zh: "结束后保留各节点运行", en: "leave the nodes running")

  static let syncAbstract = Text(zh: "链路", en: "the links of a running node")
  static let syncPauseAbstract = Text(zh: "断开并保持", en: "end the links and hold them down")
  static let syncResumeAbstract = Text(zh: "恢复", en: "let links come up again")
  static let syncNowAbstract = Text(zh: "立即连接", en: "dial at once")
  static let syncPaused = Text(zh: "链路已暂停", en: "the links are paused")
  static let syncResumed = Text(zh: "链路已恢复", en: "the links may come up")
  static let syncHurried = Text(zh: "正在连接", en: "dialling")

  static let nodeAbstract = Text(zh: "本节点", en: "this node as a whole")
  static let nodeRequestAbstract = Text(
    zh: "在本机生成密钥和证书请求", en: "make the node's key here, and a request for the CA")
  static func nodeRequested(_ region: String, tier: String, path: String) -> Text {
    let issue = "liandong ca issue \(region) --tier \(tier) --csr FILE --ca DIR --out DIR"
    return Text(
      zh: "证书请求在 \(path);请由签发机构运行 `\(issue)`,再把所得文件放入本目录",
      en: "the request is \(path); have the CA run `\(issue)`, then put its files into this folder")
  }
  static let nodeInitAbstract = Text(
    zh: "为已配置的目录建立存储", en: "make the store of a provisioned folder")
  static let serveAbstract = Text(zh: "运行节点", en: "run the node")
  static func nodeInitialised(_ region: String, _ path: String) -> Text {
    Text(zh: "已在 \(path) 建立 \(region) 的存储", en: "made the store of \(region) in \(path)")
  }

  static func demoProvisioning(_ folder: String) -> Text {
    Text(zh: "在 \(folder) 建立七个节点", en: "making seven nodes in \(folder)")
  }
  static let demoTakingIn = Text(
    zh: "链路未通，四个乡镇先行受理线索", en: "links are down; four townships take in leads")
  static let demoLinking = Text(
    zh: "市级与区县上线，链路接通", en: "hub and districts come up; links are made")
  static func demoKilling(_ region: String) -> Text {
    Text(zh: "强制终止 \(region)，随后重启", en: "\(region) is killed with -9 and started again")
  }
  static let demoDispatching = Text(
    zh: "区县向乡镇分办线索", en: "a district dispatches leads to its townships")
  static let demoSettling = Text(zh: "等待各级一致", en: "waiting until all tiers agree")
  static let demoJudging = Text(zh: "逐库校验并比对", en: "verifying and comparing every store")

  static func demoPosition(
    region: String, commits: Int64, events: UInt64, leads: Int64, backlog: UInt64,
    lagSeconds: UInt64
  ) -> Text {
    let name = region.padding(to: 16)
    return Text(
      zh: "  \(name) 提交 \(commits)  事件 \(events)  线索 \(leads)  待传 \(backlog)  滞后 \(lagSeconds) 秒",
      en:
        "  \(name) commits \(commits)  events \(events)  leads \(leads)  backlog \(backlog)  lag \(lagSeconds) s"
    )
  }

  static func demoKept(folder: String) -> Text {
    Text(
      zh: """
        各节点仍在运行。例如：
          liandong status --home \(folder)/\(DemoCity.hub)
          liandong lead list --home \(folder)/\(DemoCity.districts[0])
        结束：pkill -f "serve --home \(folder)"
        """,
      en: """
        The nodes go on running. For example:
          liandong status --home \(folder)/\(DemoCity.hub)
          liandong lead list --home \(folder)/\(DemoCity.districts[0])
        To end them: pkill -f "serve --home \(folder)"
        """)
  }

  static func demoSummary(
    isGood: Bool, seconds: Double, leads: Int, scopes: Int, of all: Int, tls: String
  ) -> Text {
    let time = (seconds * 10).rounded() / 10
    let tls = tls.isEmpty ? "-" : tls
    return Text(
      zh: "演示\(isGood ? "成功" : "失败")：\(leads) 条线索，\(all) 个区域中 \(scopes) 个各级一致，\(tls)，\(time) 秒",
      en:
        "demo \(isGood ? "good" : "FAILED"): \(leads) leads, holders agree in \(scopes) of \(all) regions, \(tls), \(time) s"
    )
  }
}

extension String {
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
