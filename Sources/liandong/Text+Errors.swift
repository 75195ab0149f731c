// The heads of error messages. The part after the colon is the layer's own, in English, with the
// place and the cure.
extension Text {
  private static func headed(_ zh: String, _ detail: String) -> Text {
    Text(zh: "\(zh):\(detail)", en: detail)
  }

  static func unexpected(_ detail: String) -> Text {
    Text(zh: "系统出错:\(detail)", en: "the system failed: \(detail)")
  }
  static func usage(_ detail: String) -> Text { headed("命令行有误", detail) }
  static func certificateRefused(_ detail: String) -> Text { headed("证书不可用", detail) }
  static func alreadyExists(_ detail: String) -> Text { headed("已经存在,不覆盖", detail) }
  static func notFound(_ detail: String) -> Text { headed("找不到文件", detail) }
  static func inputOutput(_ detail: String) -> Text { headed("读写失败", detail) }
  static func foreignOwner(_ detail: String) -> Text { headed("节点目录属于另一账号", detail) }
  static func exposed(_ detail: String) -> Text { headed("私钥或其目录可被他人读取", detail) }
  static func malformedCertificate(_ detail: String) -> Text { headed("证书或密钥文件有误", detail) }
  static func malformedFile(_ detail: String) -> Text { headed("文件内容有误", detail) }
  static func mismatch(_ detail: String) -> Text { headed("证书、密钥或部署不相符", detail) }
  static func requestRefused(_ detail: String) -> Text { headed("不予签发", detail) }
  static func implausibleClock(_ detail: String) -> Text { headed("本机时钟有误", detail) }
  static func authorityExpired(_ detail: String) -> Text { headed("签发机构证书已过期", detail) }
  static func identity(_ detail: String) -> Text { headed("证书或密钥出错", detail) }
  static func treeRefused(_ detail: String) -> Text { headed("各区域不成一棵树", detail) }
  static func badAddress(_ detail: String) -> Text { headed("地址有误", detail) }
  static func hubInService(_ detail: String) -> Text { headed("区域树以市级节点的台账为准", detail) }
  static func control(_ detail: String) -> Text { headed("与运行中的节点通信", detail) }
  static func badInput(_ detail: String) -> Text { headed("输入有误", detail) }
}
