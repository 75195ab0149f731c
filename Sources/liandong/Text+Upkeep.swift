import Node

// Help and answers of the commands on a node's store.
extension Text {
  static let importAbstract = Text(zh: "导入", en: "import")
  static let importLeadsAbstract = Text(zh: "导入线索文件(CSV、TSV)", en: "import leads from CSV or TSV")
  static let leadFileHelp = Text(zh: "线索文件", en: "lead file")
  static let mappingHelp = Text(
    zh: "历史数据映射文件:从原系统导出的表连同办理经过一并导入",
    en: "a mapping: the file is an older system's table, and its histories come along")
  static let channelOrMapping = Text(
    zh: "请写明 --channel(新线索)或 --mapping(原系统的历史数据),二者取一",
    en: "give either --channel, for new leads, or --mapping, for histories of an older system")
  static let importRegionHelp = Text(zh: "全部线索所在区域", en: "the region of all rows")
  static let rejectsHelp = Text(
    zh: "有误的行写入此文件,默认为线索文件旁的 *.rejects.csv",
    en: "where rejected rows go, else FILE.rejects.csv")
  static let chunkHelp = Text(zh: "每次写入的行数", en: "rows of one commit")
  static let dryRunHelp = Text(zh: "只检查,不写入台账", en: "write nothing to the ledger")
  static let importing = Text(zh: "正在导入", en: "importing")
  static func rejectsWritten(_ path: String) -> Text {
    Text(zh: "有误的行及原因:\(path)", en: "rejected rows with their reasons: \(path)")
  }
  static func imported(rows: Int, leads: Int, rejected: Int, duplicate: Int) -> Text {
    Text(
      zh: "共 \(rows) 行:新增 \(leads),有误 \(rejected),重复 \(duplicate)",
      en: "\(rows) rows: \(leads) added, \(rejected) rejected, \(duplicate) known already")
  }

  static let statusAbstract = Text(zh: "本节点状况", en: "how the node is")
  static let linkColumns = [
    Text(zh: "对端", en: "peer"), Text(zh: "关系", en: "role"), Text(zh: "状态", en: "state"),
    Text(zh: "待发", en: "backlog"), Text(zh: "滞后秒", en: "lag s"),
    Text(zh: "上次收到", en: "last heard"), Text(zh: "TLS", en: "TLS"), Text(zh: "错误", en: "error"),
  ]
  static func statusStore(
    bytes: UInt64, free: UInt64, _ synchronous: String, _ journal: String
  ) -> Text {
    let (size, room) = (bytes / 1024, free / 1_048_576)
    return Text(
      zh: "台账 \(size) KiB,磁盘余 \(room) MiB,\(journal)/\(synchronous)",
      en: "store \(size) KiB, \(room) MiB free, \(journal)/\(synchronous)")
  }
  static func statusLedger(
    commits: UInt64, events: UInt64, leads: UInt64, directives: UInt64, conflicts: UInt64,
    waiting: UInt64
  ) -> Text {
    Text(
      zh:
        "提交 \(commits),事件 \(events),线索 \(leads),指令 \(directives),未决冲突 \(conflicts),待补齐 \(waiting)",
      en: "\(commits) commits, \(events) events, \(leads) leads, \(directives) directives, "
        + "\(conflicts) open conflicts, \(waiting) waiting")
  }
  static func statusCertificate(_ notAfter: String) -> Text {
    Text(zh: "证书有效至 \(notAfter)", en: "certificate until \(notAfter)")
  }

  static let verifyAbstract = Text(
    zh: "校验全部哈希、链、签名和投影", en: "check every hash, chain and signature")
  static func verified(
    _ ok: Bool, commits: UInt64, events: UInt64, signatures: UInt64, projections: UInt64,
    failures: UInt64
  ) -> Text {
    let zh = ok ? "校验通过" : "校验不通过,\(failures) 处有误"
    let en = ok ? "good" : "\(failures) failures"
    return Text(
      zh: "\(zh):提交 \(commits),事件 \(events),签名 \(signatures),投影 \(projections)",
      en: "\(en): \(commits) commits, \(events) events, \(signatures) signatures, "
        + "\(projections) projections")
  }
  static func verifyFindings(_ count: UInt64) -> Text {
    Text(
      zh: "另有 \(count) 处属其他节点签发有误,本台账无损:",
      en: "\(count) findings about what other nodes signed; this store is undamaged by them:")
  }
  static let rebuildAbstract = Text(zh: "由台账重算全部投影", en: "compute every projection anew")
  static func rebuilt(_ entities: UInt64) -> Text {
    Text(zh: "已重算 \(entities) 件", en: "\(entities) entities folded anew")
  }

  static let backupAbstract = Text(zh: "备份", en: "backups of the store")
  static let backupCreateAbstract = Text(zh: "备份台账", en: "copy the store")
  static let backupVerifyAbstract = Text(zh: "校验备份", en: "check a backup")
  static let backupRestoreAbstract = Text(zh: "恢复备份(须先停节点)", en: "restore on a stopped node")
  static let backupFileHelp = Text(zh: "备份文件", en: "backup file")
  static func backup(_ path: String, region: String, incarnation: UInt32, bytes: UInt64) -> Text {
    let origin = "\(region)#\(incarnation)"
    return Text(zh: "\(path):\(origin),\(bytes) 字节", en: "\(path): \(origin), \(bytes) bytes")
  }
  static func backupEvidence(_ copy: EvidenceCopy) -> Text {
    Text(
      zh: "证据文件 \(copy.files) 个,\(copy.bytes) 字节,\(copy.damaged) 个已损坏未复制",
      en: "\(copy.files) files of evidence, \(copy.bytes) bytes; \(copy.damaged) damaged, left out")
  }
  static func restored(_ replaced: String) -> Text {
    Text(zh: "已恢复;原台账存于 \(replaced)", en: "restored; the former store lies at \(replaced)")
  }
}
