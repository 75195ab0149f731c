// Values of options that are none.
extension Text {
  static func notARegion(_ text: String) -> Text {
    Text(
      zh: "\(text) 不是区域标识,应为 1 至 40 个 a-z、0-9 和中间的连字符",
      en: "\(text) is no region id; use 1 to 40 of a-z, 0-9 and inner hyphens")
  }
  static func notATier(_ text: String) -> Text {
    Text(
      zh: "\(text) 不是层级,应为 city、district 或 township",
      en: "\(text) is no tier; use city, district or township")
  }
  static func notADeployment(_ text: String) -> Text {
    Text(
      zh: "\(text) 不是部署名,应为 1 至 40 个 a-z、0-9 和 -",
      en: "\(text) is no deployment's name; use 1 to 40 of a-z, 0-9 and -")
  }
  static func notAHost(_ text: String) -> Text {
    Text(zh: "\(text) 既不是主机名也不是 IP 地址", en: "\(text) is neither a DNS name nor an IP address")
  }
  static func notALanguage(_ text: String) -> Text {
    Text(zh: "\(text) 不是语言,应为 zh 或 en", en: "\(text) is no language; use zh or en")
  }
  static let tooFewDemoLeads = Text(zh: "--leads 应为 4 或更多", en: "--leads takes 4 or more")
}
