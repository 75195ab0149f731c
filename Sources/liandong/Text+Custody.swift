import Node

// The story of a lead and its custody file.
extension Text {
  static let leadTimelineAbstract = Text(
    zh: "线索全过程:谁在何时知悉什么", en: "the whole story, and who knew what when")
  static let leadExportAbstract = Text(
    zh: "导出证据链档案,供第三方核验", en: "write a custody file that others can verify")
  static func leadExported(_ answer: LeadExportAnswer) -> Text {
    Text(
      zh: "已写入 \(answer.path):\(answer.events) 个事件,\(answer.commits) 个提交,\(answer.evidence) 个证据文件"
        + "(另有 \(answer.evidenceAbsent) 个不在本节点),缺前一事件 \(answer.missing) 个,\(answer.bytes) 字节",
      en: "wrote \(answer.path): \(answer.events) events, \(answer.commits) commits, "
        + "\(answer.evidence) evidence files (\(answer.evidenceAbsent) more are not here), "
        + "\(answer.missing) parents missing, \(answer.bytes) bytes")
  }
  static func custodyVerifier(_ hash: String) -> Text {
    Text(zh: "verify.sh 的 SHA-256:\(hash)", en: "SHA-256 of verify.sh: \(hash)")
  }
}
