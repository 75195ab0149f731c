import Regions

extension NodeConfiguration {
  /// The text of a commented `node.yaml` with these settings; reading it back gives them again.
  package var commentedText: String {
    let standard = Bounds.standard
    return """
      # 本节点的设置。改后重启节点生效;`liandong config check` 检查本文件。
      # The settings of this node. They take effect when the node is restarted;
      # `liandong config check` checks this file.

      # 本节点是谁:须与证书一致。/ Who the node is; must agree with its certificate.
      deployment: \(deployment)
      region: \(region)
      # 层级 / tier: city, district, township
      tier: \(tier.name)

      # 供下级节点连接的 IP地址:端口;没有下级的节点不写。0.0.0.0 表示本机全部地址。
      # IP address and port where child nodes dial; left out by a node without children. 0.0.0.0
      # means every address of this machine.
      \(Self.line("listen", listen?.description, example: "0.0.0.0:7420"))

      # 上级节点的 主机:端口;不写则用区域树中的地址。
      # host:port of the parent's node; without it the address in the tree counts.
      \(Self.line("parent", parent?.description, example: "10.0.3.7:7420"))

      # 语言 / language: zh, en
      language: \(language.rawValue)

      # 日志级别 / level of the log: \(LogLevel.allCases.map(\.rawValue).joined(separator: ", "))
      log:
        level: \(logLevel.rawValue)

      # 机器或线路较弱时可调低;以下为上限。
      # May be lowered for a weak machine or line; these are the highest values.
      #   batch_bytes      每批最多字节数 / most bytes of a batch: 327680-\(standard.batchBytes)
      #   batch_commits    每批最多提交数 / most commits of a batch: 1-\(standard.batchCommits)
      #   children         同时连接的下级数 / children connected at once: 1-\(standard.children)
      #   set_aside_bytes  每个对端暂存的字节数 / bytes set aside for a peer: 0-\(standard.setAsideBytes)
      bounds:
        batch_bytes: \(bounds.batchBytes)
        batch_commits: \(bounds.batchCommits)
        children: \(bounds.children)
        set_aside_bytes: \(bounds.setAsideBytes)

      # 下级登记的证据文件:none 用时再取,small 不大于 small_bytes 字节的自动取,all 全部自动取。
      # Evidence of offices below: none is fetched when asked for, small by itself up to
      # small_bytes bytes, all by itself whatever its length.
      evidence:
        fetch: \(evidence.fetch.rawValue)
        small_bytes: \(evidence.smallBytes)

      """
  }

  private static func line(_ key: String, _ value: String?, example: String) -> String {
    value.map { "\(key): \"\($0)\"" } ?? "# \(key): \"\(example)\""
  }
}
