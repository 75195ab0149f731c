import Casework
import Ledger
import Node

// The process and its acts.
extension Text {
  static let processAbstract = Text(
    zh: "流程:环节、操作、谁可办、要填什么", en: "the process: stages, acts, who may do them and what they demand")
  static let processCheckAbstract = Text(
    zh: "检查流程文件,逐处报错", en: "check a process file, each fault with its line")
  static let processShowAbstract = Text(zh: "列出或画出流程", en: "list a process, or draw it")
  static let processTableAbstract = Text(
    zh: "权限表:每种角色在每个环节能办什么", en: "what each role may do at each stage")
  static let roleFilterHelp = Text(zh: "只列此角色", en: "this role alone")
  static func ruleTableHeading(_ family: Family) -> Text {
    Text(zh: "## \(family.chinese) \(family.name)", en: "## \(family.english) (\(family.name))")
  }
  static let ruleTableAct = Text(zh: "操作", en: "act")
  static let ruleTableStages = Text(zh: "环节", en: "stages")
  static let ruleTableTiers = Text(zh: "层级", en: "tiers")
  static let ruleTablePlaces = Text(zh: "与事项的关系", en: "stands to it as")
  static let ruleTableAny = Text(zh: "不限", en: "any")
  static let ruleTableAbove = Text(zh: "高于申请者的层级", en: "above who asked")
  static let ruleTableAnother = Text(zh: "须另一人", en: "another person")
  static func ruleTableCells(_ cells: Int, allowing: Int) -> Text {
    Text(
      zh: "共 \(cells) 格(角色 × 环节 × 操作),其中 \(allowing) 格可办",
      en: "\(cells) cells of role, stage and act, of which \(allowing) allow something")
  }
  static func unknownRole(_ role: String, _ known: [String]) -> Text {
    Text(
      zh: "流程中没有角色“\(role)”,现有:\(known.joined(separator: "、"))",
      en: "the process has no role \(role); it has \(known.joined(separator: ", "))")
  }
  static let processApplyAbstract = Text(
    zh: "在市级节点下发流程", en: "publish a process, at the hub")
  static let processListAbstract = Text(zh: "列出已下发的流程", en: "list the published processes")
  static let processMoveAbstract = Text(
    zh: "更换在办线索的流程", en: "put running leads under another process")
  static let processFileHelp = Text(zh: "流程文件", en: "a process file")
  static let dotHelp = Text(zh: "输出 Graphviz 图", en: "a graph for Graphviz")
  static let effectiveFromHelp = Text(
    zh: "启用时间,默认即时", en: "when it comes into force, now by default")
  static let processHashHelp = Text(
    zh: "流程哈希或其开头,默认现行流程", en: "a process's hash or its beginning; the one in force by default")
  static let leadActAbstract = Text(
    zh: "按线索的流程办理任一操作", en: "carry out any act of the lead's process")
  static let actHelp = Text(
    zh: "操作:键或中文名,如 rectified 或 整改完成", en: "the act, by key or Chinese name, such as rectified")
  static let setHelp = Text(
    zh: "要填的内容 名称=内容,可多次;清单以逗号分隔", en: "an entry as NAME=VALUE, again for each; lists by commas")
  static func notAnEntry(_ word: String) -> Text {
    Text(zh: "“\(word)”应形如 名称=内容", en: "'\(word)' must be NAME=VALUE")
  }
  static func setTwice(_ name: String) -> Text {
    Text(zh: "“\(name)”写了两次,请保留一处", en: "'\(name)' is given twice: keep one")
  }

  static func processGood(file: String, _ process: Process) -> Text {
    let (stages, acts) = (
      process.families.reduce(0) { $0 + $1.stages.count },
      process.families.reduce(0) { $0 + $1.kinds.count }
    )
    let short = process.hash.short
    return Text(
      zh:
        "\(file):流程 \(short) 可用,\(process.families.count) 类事项、\(stages) 个环节、\(acts) 种操作,\(process.encoded.count) 字节",
      en:
        "\(file): process \(short) is good: \(process.families.count) families, \(stages) stages, "
        + "\(acts) acts, \(process.encoded.count) bytes")
  }
  static func processApplied(_ answer: ProcessApplyAnswer) -> Text {
    let short = String(answer.process.prefix(12))
    let years = answer.years.map(String.init).joined(separator: ", ")
    guard answer.changed else {
      if !years.isEmpty {
        return Text(
          zh: "节假日表:\(years)\(answer.dryRun ? ",将下发(未写)" : ",已下发");流程不变",
          en:
            "holidays of \(years) \(answer.dryRun ? "would be" : "are") published; the process stays"
        )
      }
      return Text(
        zh: "流程 \(short) 已是现行流程,没有改动", en: "process \(short) is in force already: nothing changed")
    }
    let (zh, en) =
      answer.dryRun ? ("将下发(未写)", "would be published") : ("已下发", "published")
    return Text(
      zh:
        "\(zh):流程 \(short),自 \(answer.effectiveFrom) 起用于新立项的事项\(years.isEmpty ? "" : ";节假日表 \(years)")",
      en: "\(en): process \(short), for new entities from \(answer.effectiveFrom) on"
        + (years.isEmpty ? "" : "; holidays of \(years)"))
  }
  static func published(_ answer: ProcessAnswer) -> Text {
    let families = answer.families.joined(separator: " ")
    let (zh, en) = answer.inForce ? (" 现行", " in force") : ("", "")
    return Text(
      zh: "\(answer.process) 自 \(answer.effectiveFrom)\(zh) \(families)",
      en: "\(answer.process) from \(answer.effectiveFrom)\(en) \(families)")
  }
  static let nothingPublished = Text(
    zh: "市级尚未下发流程,用程序自带的流程", en: "the hub published no process: the program's own is in force")
  static func processMoved(_ answer: ProcessMoveAnswer) -> Text {
    let name = answer.number ?? answer.id
    let short = String(answer.to.prefix(12))
    guard answer.moved else {
      return Text(zh: "\(name):已在流程 \(short)", en: "\(name): under process \(short) already")
    }
    let (zh, en) = answer.dryRun ? ("将更换(未写)", "would move") : ("已更换", "moved")
    let (more, less) = (answer.gained.joined(separator: " "), answer.lost.joined(separator: " "))
    return Text(
      zh:
        "\(name):\(zh)为流程 \(short);现环节新增:\(more.isEmpty ? "无" : more);不再有:\(less.isEmpty ? "无" : less)",
      en: "\(name): \(en) to process \(short); acts gained here: \(more.isEmpty ? "none" : more); "
        + "lost: \(less.isEmpty ? "none" : less)")
  }
}
