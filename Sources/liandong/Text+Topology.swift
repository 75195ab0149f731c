import Node

// The topology in the ledger.
extension Text {
  static let topologyApplyAbstract = Text(
    zh: "在市级节点把拓扑文件写入台账", en: "make a topology file part of the ledger, at the hub")
  static let topologyBundleAbstract = Text(
    zh: "把区域树和区域登记写成新节点的 tree.bundle", en: "write the tree.bundle of a new node's folder")
  static let bundleFileHelp = Text(zh: "新文件,不覆盖", en: "a new file")
  static func bundleWritten(_ file: String, bytes: Int) -> Text {
    Text(zh: "已写入 \(file),\(bytes) 字节", en: "wrote \(file), \(bytes) bytes")
  }

  static func topologyApplied(_ answer: TopologyApplyAnswer) -> Text {
    guard answer.changed else {
      return Text(zh: "台账已与文件一致,没有改动", en: "the ledger says all of it already: nothing changed")
    }
    let removed = answer.regionsRemoved.joined(separator: ", ")
    let (lost, gone) =
      removed.isEmpty ? ("", "") : (",移出 \(removed)", ", taken out of the tree: \(removed)")
    let (zh, en) =
      answer.dryRun ? ("将写入(未写)", "would be published") : ("已写入台账", "published")
    let (zhTree, enTree) = answer.tree ? ("新区域树,", "a new tree, ") : ("", "")
    return Text(
      zh: "\(zh):\(zhTree)新登记 \(answer.regionsDescribed) 个区域,变更 \(answer.regionsChanged) 个\(lost)",
      en: "\(en): \(enTree)\(answer.regionsDescribed) regions described, "
        + "\(answer.regionsChanged) changed\(gone)")
  }

  static func withoutAddress(_ regions: [String]) -> Text {
    let list = regions.joined(separator: ", ")
    return Text(
      zh: "\(list) 有下级而没有地址,下级无法连接;请在拓扑文件中写 address 后再次写入",
      en: "\(list): children below and no address to dial; enter `address` in the topology file "
        + "and apply it again")
  }
}
