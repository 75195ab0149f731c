import Regions

/// The demonstration's city: a hub, two districts and four townships with real names.
enum DemoCity {
  /// The townships, each with its district.
  static let townships = ["xinpu-jiedao", "banpu-zhen", "niushan-jiedao", "anfeng-zhen"]
  static let districts = ["haizhou-qu", "donghai-xian"]
  static let hub = "lianyungang-shi"

  /// The topology file, with the ports at which hub and districts listen.
  ///
  /// - Parameter ports: of the hub and of the two districts.
  static func topology(ports: [Int]) -> String {
    precondition(ports.count == 3, "the hub and two districts listen")
    return """
      deployment: demo
      regions:
        - {id: \(hub), no: 1, tier: city, names: 连云港市, address: "127.0.0.1:\(ports[0])"}
        - {id: haizhou-qu, no: 10, tier: district, names: 海州区, parent: \(hub),
           address: "127.0.0.1:\(ports[1])"}
        - {id: donghai-xian, no: 11, tier: district, names: 东海县, parent: \(hub),
           address: "127.0.0.1:\(ports[2])"}
        - {id: xinpu-jiedao, no: 101, tier: township, names: 新浦街道, parent: haizhou-qu}
        - {id: banpu-zhen, no: 102, tier: township, names: 板浦镇, parent: haizhou-qu}
        - {id: niushan-jiedao, no: 111, tier: township, names: 牛山街道, parent: donghai-xian}
        - {id: anfeng-zhen, no: 112, tier: township, names: 安峰镇, parent: donghai-xian}

      """
  }

  /// The district above a township.
  static func district(of township: String) -> String {
    townships.prefix(2).contains(township) ? districts[0] : districts[1]
  }
}
