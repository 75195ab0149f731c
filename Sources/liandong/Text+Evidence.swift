import Node
import Regions

// Evidence.
extension Text {
  static let evidenceAbstract = Text(zh: "证据:照片、视频、文书", en: "evidence: photos, videos, documents")
  static let evidenceAddAbstract = Text(zh: "登记证据文件", en: "take a file in as evidence")
  static let evidenceListAbstract = Text(
    zh: "列出线索的证据或指令的附件", en: "list the files of a lead or directive")
  static let evidenceGetAbstract = Text(zh: "取出证据文件并核对", en: "copy a file out and check it")
  static let evidenceVerifyAbstract = Text(
    zh: "核对本节点全部证据文件", en: "check every file that is here against its hash")
  static let evidenceOwnerHelp = Text(
    zh: "线索编号或标识,或指令标识(前几位即可)", en: "a lead's number or (the start of) its or a directive's id")
  static let evidenceFileHelp = Text(
    zh: "JPEG、PNG、PDF、MP4、HEIC 文件", en: "a JPEG, PNG, PDF, MP4 or HEIC file")
  static let evidenceHelp = Text(
    zh: "证据事件或文件的哈希,前几位即可", en: "(the start of) the event's or the file's hash")
  static let newFileHelp = Text(zh: "新文件,不覆盖", en: "a new file")
  static let noEvidence = Text(zh: "没有证据或附件", en: "there are no files")
  static let evidenceAbsent = Text(zh: "文件不在本节点", en: "the file is not here")
  static let evidenceWaitHelp = Text(
    zh: "文件不在本节点时等待的秒数", en: "how long to wait for a file that is not here")
  static func evidenceWanted(_ peers: [String]) -> Text {
    let list = peers.joined(separator: ", ")
    return Text(zh: "待取,来自 \(list)", en: "wanted, from \(list)")
  }
  static func evidenceWanted(_ count: UInt64) -> Text {
    Text(zh: "待取证据文件 \(count) 个", en: "\(count) files of evidence are wanted")
  }
  static func evidenceFetching(_ answer: EvidenceFetchAnswer) -> Text {
    let peer = answer.from.value ?? "-"
    let faults = answer.faults.map { ";\($0)" }.joined()
    return Text(
      zh: "正在获取:\(answer.receivedBytes)/\(answer.bytes) 字节,来自 \(peer)\(faults)",
      en: "fetching: \(answer.receivedBytes) of \(answer.bytes) bytes, from \(peer)\(faults)")
  }
  static func evidenceStillWanted(running: Bool) -> Text {
    running
      ? Text(
        zh: "文件尚未到达,本节点会继续获取;请稍后再试,或用 evidence list 查看",
        en: "the file has not come yet and stays wanted; try again later, evidence list tells more")
      : Text(
        zh: "文件不在本节点,节点未运行;已记为待取,启动节点后自动获取",
        en: "the file is not here and the node does not run; it is noted and comes once it runs")
  }
  static func evidenceWritten(_ file: String, bytes: Int) -> Text {
    Text(zh: "已写入 \(file),\(bytes) 字节", en: "wrote \(file), \(bytes) bytes")
  }
  static func evidenceVerified(ok: Bool, files: Int, bytes: Int) -> Text {
    Text(
      zh: "\(ok ? "核对通过" : "核对未通过"):\(files) 个文件,\(bytes) 字节",
      en: "\(ok ? "good" : "not good"): \(files) files, \(bytes) bytes")
  }
}

extension EvidenceAnswer {
  /// One piece on one line; the beginning of the event's hash, by which acts name it.
  func line(in language: Language) -> String {
    var parts = [String(event.prefix(16)), LeadTable.printable(name), type, String(bytes)]
    if let taken = takenAt ?? cameraTime { parts.append(taken) }
    if let latitude, let longitude { parts.append("\(latitude),\(longitude)") }
    parts.append(LeadTable.printable("\(by)@\(region)"))
    if let note { parts.append(LeadTable.printable(note)) }
    if !held {
      let state = wanted ? Text.evidenceWanted(from) : .evidenceAbsent
      parts.append("[\(state.in(language))]")
      parts += faults.map { LeadTable.printable($0) }
    }
    return parts.joined(separator: "  ")
  }
}
