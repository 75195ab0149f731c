// Help and answers of `simulate`.
extension Text {
  static let simulateAbstract = Text(
    zh: "以种子模拟整个城市,注入故障并核验全部不变式",
    en: "run made-up cities from seeds, with faults, and check every invariant")
  static let simulateSeedHelp = Text(zh: "第一个种子", en: "the first seed")
  static let simulateCountHelp = Text(zh: "依次运行的种子数", en: "how many seeds, one after another")
  static let simulateNodesHelp = Text(
    zh: "市x区县x乡镇的节点数,如 1x3x9", en: "offices of the three tiers, such as 1x3x9")
  static let simulateHoursHelp = Text(zh: "故障阶段的虚拟小时数", en: "virtual hours of trouble")
  static func simulateProfileHelp(_ names: [String]) -> Text {
    let list = names.joined(separator: "|")
    return Text(zh: "情景:\(list)", en: "what the city is like: \(list)")
  }
  static let simulateProcessHelp = Text(
    zh: "试行的流程文件:市级发布,多数线索据以办理,随机试办其各项操作",
    en: "a process file on trial: the hub publishes it, and all its acts are done at random")
  static let simulateTraceHelp = Text(zh: "逐行写出经过", en: "tell all that happens")
  static func notAShape(_ text: String, most: Int) -> Text {
    Text(
      zh: "“\(text)”不是节点数:应形如 1x3x9,至少 1x2x2,共不超过 \(most)",
      en: "\(text) is no shape: write it as 1x3x9, at least 1x2x2 and at most \(most) in all")
  }
  static func notAProfile(_ text: String, _ names: [String]) -> Text {
    let list = names.joined(separator: ", ")
    return Text(zh: "没有情景“\(text)”,可选:\(list)", en: "no profile \(text); there are \(list)")
  }
  static func simulateHoursOutOfRange(_ most: UInt64) -> Text {
    Text(zh: "小时数应为 1 至 \(most)", en: "hours must be 1 to \(most)")
  }
  static let simulateCountOutOfRange = Text(
    zh: "种子数至少为 1,且种子不得超过 2^64-1", en: "at least one seed, and none beyond 2^64-1")
  private static let simulationResults = [
    "good": "通过", "not_settled": "未收敛", "check_failed": "核验不通过", "harness": "模拟程序自身有误",
  ]
  static func simulated(
    seed: UInt64, profile: String, nodes: Int, hours: UInt64, events: Int, faults: Int,
    checks: Int, result: String, failure: String?
  ) -> Text {
    let why = failure.map { "; \($0)" } ?? ""
    let chinese = simulationResults[result] ?? result
    return Text(
      zh: "种子 \(seed) \(profile):\(nodes) 个节点,\(hours) 虚拟小时,事件 \(events),故障 \(faults),"
        + "核验 \(checks) 次:\(chinese)\(why)",
      en: "seed \(seed) \(profile): \(nodes) offices, \(hours) virtual hours, \(events) events, "
        + "\(faults) faults, \(checks) checks: \(result)\(why)")
  }
}
