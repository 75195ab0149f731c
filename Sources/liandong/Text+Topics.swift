// Help and answers of the offline commands.
extension Text {
  static let rootAbstract = Text(
    zh: "联动:市、区县、乡镇三级污染线索办理节点", en: "one office's node of the city's casework")
  static let rootDiscussion = Text(
    zh: "每个命令都接受 --json、--home 和 --lang。", en: "Every command takes --json, --home and --lang.")
  static let missingCommand = Text(zh: "缺少子命令", en: "a subcommand is missing")
  static let clockOutOfRange = Text(
    zh: "本机时钟超出可用范围,请校准", en: "this machine's clock is out of all range; set it")
  static func findings(_ count: Int) -> Text {
    Text(zh: "共 \(count) 处问题", en: "\(count) finding\(count == 1 ? "" : "s")")
  }

  // topology
  static let topologyAbstract = Text(zh: "区域树的草稿", en: "the draft of the city's tree")
  static let topologyCheckAbstract = Text(
    zh: "检查拓扑文件,指出行、列和改法", en: "check a topology file")
  static let topologyShowAbstract = Text(zh: "画出区域树", en: "draw the tree")
  static let topologyFileHelp = Text(zh: "拓扑文件", en: "topology file")
  static func topologyGood(file: String, deployment: String, regions: Int) -> Text {
    Text(
      zh: "\(file):没有问题;部署 \(deployment),共 \(regions) 个区域",
      en: "\(file): good; deployment \(deployment), \(regions) regions")
  }

  // ca, cert
  static let authorityAbstract = Text(zh: "市级证书签发机构", en: "the municipal CA")
  static let authorityInitAbstract = Text(
    zh: "新建根证书和签发机构", en: "make the root and the issuing CA")
  static let authorityIssueAbstract = Text(
    zh: "给一个节点签发证书", en: "certify a node")
  static let outputFolderHelp = Text(zh: "输出目录", en: "output folder")
  static let deploymentHelp = Text(zh: "部署名,如 lianyungang", en: "deployment's name")
  static let authorityFolderHelp = Text(zh: "签发机构目录", en: "the CA's folder")
  static let regionHelp = Text(zh: "区域标识", en: "region id")
  static let tierHelp = Text(zh: "层级 city、district、township", en: "tier")
  static let hostHelp = Text(zh: "节点的主机名或 IP,可多次给出", en: "DNS name or IP address, repeatable")
  static let requestHelp = Text(
    zh: "节点上生成的证书请求;不给则在此生成密钥", en: "signing request made on the node; else a key is made")
  static func authorityMade(_ path: String, deployment: String) -> Text {
    Text(
      zh: "已建立部署 \(deployment) 的签发机构:\(path)。请把 root.key 移到离线处保管,日常不需要它。",
      en: "made the CA of \(deployment) in \(path). Carry root.key to a safe offline place; daily "
        + "work does not need it.")
  }
  static func issued(_ name: String, path: String, until: String) -> Text {
    Text(
      zh: "已给 \(name) 签发证书,有效至 \(until):\(path)",
      en: "certified \(name) until \(until), in \(path)")
  }
  static let certificateAbstract = Text(zh: "证书", en: "certificates")
  static let certificateShowAbstract = Text(
    zh: "显示证书文件或节点的证书", en: "show a certificate file or the node's own")
  static let certificateFileHelp = Text(
    zh: "PEM 文件;不给则显示节点目录中的证书", en: "PEM file; else the node's own")
  static func certificateNumber(_ number: Int, of count: Int) -> Text {
    Text(zh: "证书 \(number)/\(count)", en: "certificate \(number) of \(count)")
  }

  // config
  static let configurationAbstract = Text(zh: "节点设置", en: "the node's settings")
  static let configurationCheckAbstract = Text(
    zh: "检查 node.yaml、证书和密钥是否可用且相符", en: "check node.yaml, certificate and keys")
  static func configurationGood(_ path: String, name: String) -> Text {
    Text(zh: "\(path):没有问题;\(name)", en: "\(path): good; \(name)")
  }

  // provision
  static let provisionAbstract = Text(
    zh: "给拓扑中的每个节点生成可用的目录", en: "make a ready folder for every node of a topology")
  static let provisionHostHelp = Text(
    zh: "拓扑中没有地址的节点的主机", en: "host of nodes that have no address in the topology")
  static let basePortHelp = Text(zh: "上述节点的起始端口", en: "their first port")
  static let resumeHelp = Text(
    zh: "补齐未完成的目录,从不覆盖密钥", en: "complete what is missing; no key is overwritten")
  static let provisionAuthorityHelp = Text(
    zh: "签发机构目录,默认为输出目录下的 ca", en: "the CA's folder, else ca in the output")
  static func provisioned(_ region: String) -> Text { Text(zh: region, en: region) }
  static func provisionDone(made: Int, kept: Int, path: String, authority: String) -> Text {
    Text(
      zh: "\(path):新建或补齐 \(made) 个节点目录,原有 \(kept) 个;签发机构在 \(authority)",
      en: "\(path): \(made) node folders made or completed, \(kept) kept; the CA is in \(authority)"
    )
  }
  static func loopbackHost(_ host: String) -> Text {
    Text(
      zh: "拓扑未给地址的节点用 \(host),只能在本机互联;跨机器请在拓扑中写 address,或用 --host",
      en: "nodes without an address in the topology get \(host) and link on this machine alone; "
        + "for several machines enter `address` in the topology, or use --host")
  }
  static func homeNotAbsolute(_ path: String) -> Text {
    Text(
      zh: "命令行有误:节点目录应为绝对路径且不含控制字符:\(path.debugDescription)",
      en: "the node's folder must be an absolute path without control characters: "
        + path.debugDescription)
  }
}
